#!/usr/bin/env bash
# Takes the archives and packages of a release that is out, each kind into a folder of its own, as build.sh makes them:
# what people have installed is not made anew. REPOSITORY is `owner/name`.
#
#   released.sh ARCHIVES FOLDER
set -euo pipefail
# shellcheck source=packages/release.sh
source "$(dirname "$0")/release.sh"
archives=$1 folder=$2

# Files of the release by their names: take FOLDER PATTERN...
take() {
    local into=$1 pattern patterns=()
    shift
    for pattern in "$@"; do patterns+=(--pattern "$pattern"); done
    gh release download "v$version" --repo "$REPOSITORY" --dir "$into" "${patterns[@]}"
}

take "$archives" "notes-v$version-*.tar.gz" "notes-v$version-*.tar.gz.sha256"
take "$folder/python" '*.whl'
take "$folder/npm" '*.tgz'
take "$folder/debian" '*.deb'
take "$folder/manifests" notes-site.rb notes-site.json
# The image's recipe is no file of the release; its programs are.
"$project/packages/container/context.sh" "$archives" "$folder/container"
