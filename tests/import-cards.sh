#!/usr/bin/env bash
# Imports the cards of a few notes into Anki's own library, twice and again after an edit. Skipped where there is no
# Python.
set -euo pipefail
cd "$(dirname "$0")/.."

version=26.9.3
if ! command -v python3 > /dev/null; then
    echo 'skipped: there is no python3'
    exit 0
fi
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
python=$target/anki-$version/bin/python
if ! "$python" -c 'import anki' 2> /dev/null; then
    python3 -m venv "$target/anki-$version"
    "$python" -m pip install --quiet --disable-pip-version-check "anki==$version"
fi
if [ ! -x "$target/debug/notes" ]; then cargo build --locked; fi
"$python" tests/import-cards.py "$target/debug/notes"
