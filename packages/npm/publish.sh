#!/usr/bin/env bash
# Publishes the npm packages in FOLDER that the registry does not have yet: the programs first, so that `notes-site` is
# never there without them. IS_LATEST is false for a version that comes after a newer one: it gets a tag of its own, not
# the one that is installed by the name alone.
#
#   publish.sh FOLDER IS_LATEST
#
# The registry trusts the workflow, but only for packages that have a first version: that one somebody publishes by hand,
# from the files of the release.
set -euo pipefail
# npm takes `a/b.tgz` for a repository on GitHub.
folder=$(realpath "$1") is_latest=$2

# There is a statement of where a package was built only where it is built.
provenance=()
if [ "${GITHUB_ACTIONS:-}" = true ]; then provenance=(--provenance); fi

# A line of a package's settings: setting PACKAGE KEY
setting() {
    tar -xzOf "$1" package/package.json | node -p "JSON.parse(require('fs').readFileSync(0, 'utf8')).$2"
}

publish() {
    local name version tag=latest
    name=$(setting "$1" name) version=$(setting "$1" version)
    if [ "$is_latest" != true ]; then tag=latest-${version%%.*}; fi
    if npm view "$name@$version" version 2> /dev/null | grep --quiet .; then
        echo "$name $version is published already"
    else
        npm publish "$1" --access public "${provenance[@]+"${provenance[@]}"}" --tag "$tag"
    fi
}

main=
for package in "$folder"/notes-site-*.tgz; do
    # A version begins with a digit, the name of a system with a letter.
    case ${package##*/notes-site-} in
        [0-9]*) main=$package ;;
        *) publish "$package" ;;
    esac
done
publish "$main"
