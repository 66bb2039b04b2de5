#!/usr/bin/env bash
# Prints the page of a part with WeasyPrint: each sheet has its number and the titles at the top, the list of notes the
# number of each note's first sheet. Skipped where there is no Python or no pdftotext.
set -euo pipefail
cd "$(dirname "$0")/.."

version=70.0
if ! command -v python3 > /dev/null || ! command -v pdftotext > /dev/null; then
    echo 'skipped: there is no python3 or no pdftotext'
    exit 0
fi
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
bin=$target/weasyprint-$version/bin
if [ ! -x "$bin/weasyprint" ]; then
    python3 -m venv "$target/weasyprint-$version"
    "$bin/python" -m pip install --quiet --disable-pip-version-check "weasyprint==$version"
fi
if [ ! -x "$target/debug/notes" ]; then cargo build --locked; fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/notes/Part"
for note in README first second; do
    { printf '# Note %s\n\n' "$note"; for _ in {1..60}; do printf 'A paragraph.\n\n'; done; } > "$work/notes/Part/$note.md"
done
printf '# Home\n\nText\n' > "$work/notes/README.md"
"$target/debug/notes" build "$work/notes" -o "$work/site" > /dev/null
"$bin/weasyprint" --quiet "$work/site/print/Part.html" "$work/part.pdf"
pdftotext -layout "$work/part.pdf" "$work/part.txt"

# The text of a sheet: sheet NUMBER
sheet() { awk -v RS='\f' -v wanted="$1" 'NR == wanted' "$work/part.txt"; }
fail() {
    printf 'on paper: %s\n' "$1"
    sheet 1
    exit 1
}
for note in first second; do
    number=$(sheet 1 | sed -nE "s/.*Note ${note}[ .]+([0-9]+)\$/\1/p")
    [ -n "$number" ] || fail "the list has no page number for $note"
    sheet "$number" | grep -q "Note $note" || fail "$note is not on sheet $number"
    # The sheet behind it goes on with the same note.
    sheet $((number + 1)) | head -n 3 | grep -q "Note $note" || fail "sheet $((number + 1)) does not name $note"
    sheet $((number + 1)) | grep -qE "^ *$((number + 1))$" || fail "sheet $((number + 1)) has no number"
done
echo 'pages for paper have numbers and titles'
