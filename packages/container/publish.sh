#!/usr/bin/env bash
# Builds the image in FOLDER, which context.sh made, and publishes it for all processors, if it builds a site here. Its
# name and digest go to GITHUB_OUTPUT. With IS_LATEST true it is what the name alone means. An image that is out stays as
# it is.
#
#   publish.sh FOLDER IS_LATEST
set -euo pipefail
# shellcheck source=packages/release.sh
source "$(dirname "$0")/../release.sh"
folder=$1 is_latest=$2

image=ghcr.io/${REPOSITORY,,}
is_published() {
    printf 'name=%s\ndigest=%s\n' "$image" "$1" >> "$GITHUB_OUTPUT"
}

# A registry that says neither that there is one nor that there is none is asked again by the next run.
if said=$(docker buildx imagetools inspect "$image:$version" --format '{{json .Manifest}}' 2>&1); then
    is_published "$(jq --raw-output .digest <<< "$said")"
    exit
elif ! grep --quiet --ignore-case --extended-regexp 'not found|unknown|denied|forbidden' <<< "$said"; then
    printf '%s\n' "$said" >&2
    exit 1
fi

settings=(--label "org.opencontainers.image.source=https://github.com/$REPOSITORY" --label org.opencontainers.image.licenses=MIT
    --label "org.opencontainers.image.version=$version" --label "org.opencontainers.image.description=$description")
docker buildx create --use > /dev/null

docker buildx build --load --tag notes "${settings[@]}" "$folder"
notes=$(mktemp -d)
for command in init build; do
    docker run --rm --user "$(id -u):$(id -g)" --volume "$notes:/notes" notes "$command"
done
test -f "$notes/site/index.html"
rm -rf "$notes"

tags=(--tag "$image:$version")
if [ "$is_latest" = true ]; then tags+=(--tag "$image:latest"); fi
said=$(mktemp)
docker buildx build --platform linux/amd64,linux/arm64 --push --metadata-file "$said" "${settings[@]}" "${tags[@]}" "$folder"
is_published "$(jq --raw-output '."containerimage.digest"' "$said")"
