#!/usr/bin/env bash
# Compares the sites that two versions of the program build: compare-sites.sh OLD NEW FOLDER...
# OLD and NEW are the two programs. Both build each FOLDER from a copy without a cache. Lists the files that differ,
# with the first lines of the difference of a few (SHOWN, 5 by default); the exit code is 1 if there are any.
set -euo pipefail

if [ $# -lt 3 ]; then
    sed -n '2,4s/^# //p' "$0" >&2
    exit 2
fi
declare -A program
program[old]=$(realpath "$1")
program[new]=$(realpath "$2")
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0
for folder in "$@"; do
    for side in old new; do
        rm -rf "${work:?}/notes" "${work:?}/$side"
        # The same path for both, because a site without a title is named after its folder.
        cp -a "$folder" "$work/notes"
        rm -rf "$work/notes/.notes" "$work/notes/site"
        "${program[$side]}" build "$work/notes" -o "$work/$side" > "$work/$side.log" 2>&1 || true
    done
    files=$(find "$work/new" -type f | wc -l)
    differences=$(diff -rq "$work/old" "$work/new" || true)
    if [ -z "$differences" ]; then
        printf '%s: %d files, all equal\n' "$folder" "$files"
        continue
    fi
    status=1
    printf '%s: %d files, %d differ\n' "$folder" "$files" "$(wc -l <<< "$differences")"
    sed -n "s|$work/||gp" <<< "$differences" | head -n "${SHOWN:-5}"
    sed -nE 's/^Files (.*) and (.*) differ$/\1\t\2/p' <<< "$differences" | head -n "${SHOWN:-5}" |
        while IFS=$'\t' read -r left right; do
            diff "$left" "$right" | head -n 4 | cut -c 1-300 || true
        done
done
exit "$status"
