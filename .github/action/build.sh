#!/usr/bin/env bash
# Checks the notes, the messages being annotations of the workflow, and builds their site.
#
#   build.sh PROGRAM
#
# FOLDER, BASE_URL, STRICT and OUTPUT are the action's inputs; the site's folder goes to GITHUB_OUTPUT.
set -euo pipefail
program=$1
folder=${FOLDER:-.}
site=${OUTPUT:-$folder/site}

strict=()
case "${STRICT:-false}" in
    true) strict=(--strict) ;;
    false) ;;
    *) echo "::error::the input strict is true or false, not $STRICT"; exit 2 ;;
esac
address=()
# Pages gives the address without the slash at its end.
if [ -n "${BASE_URL:-}" ]; then address=(--base-url "${BASE_URL%/}/"); fi

"$program" check "$folder" --format github "${strict[@]+"${strict[@]}"}"
# The runner takes no line of the build for a command until it reads the word, which no note can know.
word=notes-$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
status=0
echo "::stop-commands::$word"
"$program" build "$folder" --output "$site" --quiet "${strict[@]+"${strict[@]}"}" "${address[@]+"${address[@]}"}" || status=$?
# On a line of its own, also where the last one of the build has no end.
printf '\n::%s::\n' "$word"
if [ $status != 0 ]; then exit $status; fi
echo "site=$site" >> "$GITHUB_OUTPUT"
echo "$(find "$site" -name '*.html' | wc -l) pages in $site"
