#!/usr/bin/env bash
# Imports the cards of a few notes into Anki's own library, twice and again after an edit. Skipped where there is no
# Python.
set -euo pipefail
cd "$(dirname "$0")/.."

# shellcheck source=tests/install.sh
source tests/install.sh
if ! python_package anki 26.9.3; then
    echo 'skipped: there is no python3'
    exit 0
fi
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
if [ ! -x "$target/debug/notes" ]; then cargo build --locked; fi
"$python_bin/python" tests/import-cards.py "$target/debug/notes"
