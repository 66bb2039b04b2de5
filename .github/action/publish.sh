#!/usr/bin/env bash
# Publishes the draft of a release, and lets vX mean it when it is the newest of that number.
#
#   publish.sh TAG COMMIT
#
# GH_REPO is `owner/name`. A release that comes after a newer one, as for those who stay behind, moves nothing. True or
# false, as it is the newest of all, goes to GITHUB_OUTPUT as `latest`.
set -euo pipefail
tag=$1 commit=$2
major=${tag%%.*}

# The newest version among this one and those that are out, of those that begin so.
newest() {
    printf '%s\n' "$tag" "$released" | grep --extended-regexp "^$1[0-9.]*$" | sort --version-sort | tail -n 1
}

released=$(gh release list --exclude-drafts --exclude-pre-releases --limit 1000 --json tagName --jq '.[].tagName')

latest=false
if [ "$(newest v)" = "$tag" ]; then latest=true; fi
echo "latest=$latest" >> "$GITHUB_OUTPUT"
gh release edit "$tag" --draft=false --latest="$latest"
if [ "$(newest "${major}[.]")" != "$tag" ]; then
    echo "$major stays where it is: $(newest "${major}[.]") is newer than $tag"
elif gh api "repos/$GH_REPO/git/ref/tags/$major" > /dev/null 2>&1; then
    gh api --method PATCH "repos/$GH_REPO/git/refs/tags/$major" -f sha="$commit" -F force=true > /dev/null
else
    gh api --method POST "repos/$GH_REPO/git/refs" -f ref="refs/tags/$major" -f sha="$commit" > /dev/null
fi
