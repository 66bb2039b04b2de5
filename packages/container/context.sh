#!/usr/bin/env bash
# Makes the folder that the container's image is built in: the recipe, and the program for each kind of processor.
#
#   context.sh ARCHIVES FOLDER
set -euo pipefail
# shellcheck source=packages/release.sh
source "$(dirname "$0")/../release.sh"
archives=$1 folder=$2

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
install -D --mode=644 "$project/packages/container/Dockerfile" "$folder/Dockerfile"
for target in $(targets "$archives"); do
    case $target in
        x86_64-unknown-linux-musl) architecture=amd64 ;;
        aarch64-unknown-linux-musl) architecture=arm64 ;;
        *) continue ;;
    esac
    unpack "$archives" "$target" "$scratch/$target"
    install -D --mode=755 "$scratch/$target/notes" "$folder/$architecture/notes"
done
