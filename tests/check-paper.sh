#!/usr/bin/env bash
# Prints the page of a part, and a book of all notes by `notes pdf`, with WeasyPrint: each sheet has its number and the
# titles at the top, the list of notes the number of each note's first sheet; the book has bookmarks. Chromium prints the
# book too, where it is installed. Skipped where there is no Python or no pdftotext.
set -euo pipefail
cd "$(dirname "$0")/.."

# shellcheck source=tests/install.sh
source tests/install.sh
if ! command -v pdftotext > /dev/null || ! python_package weasyprint 70.0; then
    echo 'skipped: there is no python3 or no pdftotext'
    exit 0
fi
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
bin=$python_bin
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
"$target/debug/notes" pdf "$work/notes" --program "$bin/weasyprint" -o "$work/book.pdf" > /dev/null 2>&1

# The text of a sheet: sheet NUMBER
sheet() { awk -v RS='\f' -v wanted="$1" 'NR == wanted' "$text"; }
fail() {
    printf 'on paper: %s\n' "$1"
    sheet 1
    sheet 2
    exit 1
}
# Looks at a PDF whose list of notes is on a sheet: look FILE SHEET
look() {
    text=$work/$1.txt
    pdftotext -layout "$work/$1" "$text"
    for note in first second; do
        number=$(sheet "$2" | sed -nE "s/.*Note ${note}[ .]+([0-9]+)\$/\1/p")
        [ -n "$number" ] || fail "$1: the list has no page number for $note"
        sheet "$number" | grep -q "Note $note" || fail "$1: $note is not on sheet $number"
        # The sheet behind it goes on with the same note.
        sheet $((number + 1)) | head -n 3 | grep -q "Note $note" || fail "$1: sheet $((number + 1)) does not name $note"
        sheet $((number + 1)) | grep -qE "^ *$((number + 1))$" || fail "$1: sheet $((number + 1)) has no number"
    done
}
look part.pdf 1
look book.pdf 2
bookmarks() { pdftohtml -xml -i -stdout "$1" | sed -n '/<outline>/,$p' | sed 's/<[^>]*>//g' | tr -s '\n' ' '; }
expected=' Contents Home Note README Note first Note second '
[ "$(bookmarks "$work/book.pdf")" = "$expected" ] || fail "the bookmarks are $(bookmarks "$work/book.pdf")"
if command -v chromium > /dev/null; then
    "$target/debug/notes" pdf "$work/notes" --program chromium -o "$work/browser.pdf" > /dev/null 2>&1
    pdftotext -layout "$work/browser.pdf" "$work/browser.txt"
    grep -q 'Note second' "$work/browser.txt" || fail 'the PDF of Chromium has no text'
    expected=' Home Contents Home Note README Note first Note second '
    [ "$(bookmarks "$work/browser.pdf")" = "$expected" ] || fail "Chromium's bookmarks are $(bookmarks "$work/browser.pdf")"
fi

# Images that would have a program load others: none is asked for.
python3 -u -m http.server --bind 127.0.0.1 0 --directory "$work" > "$work/asked" 2>&1 &
server=$!
trap 'kill $server; rm -rf "$work"' EXIT
until port=$(sed -nE 's/.* port ([0-9]+) .*/\1/p' "$work/asked") && [ -n "$port" ]; do sleep 0.1; done
address=http://127.0.0.1:$port
svg='<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">'
mkdir "$work/hostile"
inner=$(printf '%s<image xlink:href="%s/in.png" width="9" height="9"/></svg>' "$svg" "$address" | base64 -w 0)
printf '%s<x:image xmlns:x="urn:x" width="9" height="9" xlink:href="%s/a.png"/></svg>' "$svg" "$address" > "$work/hostile/a.svg"
printf '%s<image width="9" height="9" xlink:href="data:image/png;base64,%s"/></svg>' "$svg" "$inner" > "$work/hostile/b.svg"
printf '%s<style>@imp<!-- -->ort "%s/c.css";</style></svg>' "$svg" "$address" > "$work/hostile/c.svg"
printf '%s<rect width="9" height="9" fill="#0f0"/></svg>' "$svg" > "$work/hostile/d.svg"
{
    printf '# Images\n\n![a](a.svg) ![b](b.svg) ![c](c.svg) ![d](d.svg) ![e](%s/e.png)\n\n' "$address"
    printf '<svg><image href="%s/f.png"/><rect fill="url(%s/g.svg#a)"/></svg>\n\n' "$address" "$address"
    # shellcheck disable=SC2016
    printf '<p style="background: url(%s/h.png)">text</p>\n\n%s\n' "$address" '$x^2$'
} > "$work/hostile/README.md"
for program in "$bin/weasyprint" chromium; do
    if command -v "$program" > /dev/null; then
        "$target/debug/notes" pdf "$work/hostile" --program "$program" -o "$work/hostile.pdf" > /dev/null 2>&1
    fi
done
if grep -q GET "$work/asked"; then fail "asked for: $(cat "$work/asked")"; fi
echo 'pages for paper and PDFs have numbers, titles and bookmarks'
