#!/usr/bin/env bash
# Makes the draft of a release, unless there is one or the release is out: true or false goes to GITHUB_OUTPUT as `is_out`.
#
#   draft.sh TAG
set -euo pipefail
tag=$1

is_out=false
if is_draft=$(gh release view "$tag" --json isDraft --jq .isDraft 2> /dev/null); then
    if [ "$is_draft" = false ]; then is_out=true; fi
else
    gh release create "$tag" --draft --verify-tag --title "$tag" --notes-file CHANGELOG.md
fi
echo "is_out=$is_out" >> "$GITHUB_OUTPUT"
