#!/usr/bin/env bash
# Makes the formula for Homebrew and the manifest for Scoop: addresses of the archives, and their digests.
#
#   manifests.sh ARCHIVES FOLDER
set -euo pipefail
# shellcheck source=packages/release.sh
source "$(dirname "$0")/release.sh"
archives=$1 folder=$2

mkdir -p "$folder"
for template in "$project"/packages/homebrew/notes-site.rb "$project"/packages/scoop/notes-site.json; do
    made=$folder/${template##*/}
    fill "$template" "$archives" > "$made"
    if grep '@[A-Z]' "$made" >&2; then
        echo "no archive for these lines of ${template##*/}" >&2
        exit 1
    fi
done
