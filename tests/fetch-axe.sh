#!/usr/bin/env bash
# Fetches axe-core 4.14.1, whose rules for accessibility tests/browser/ runs in the pages, into target/axe. It is under
# a licence of its own, so it is not part of this repository.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/fetch.sh

folder=target/axe
sum=29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c
mkdir -p "$folder"
if [ -f "$folder/axe.min.js" ] && sha256sum --check --quiet <<< "$sum  $folder/axe.min.js" 2> /dev/null; then
    exit
fi
# What a killed run left is no good; a file under its own name is whole.
scratch=$(mktemp -d "$folder/fetching.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
from_npm "$scratch" axe-core 4.14.1 axe.min.js > "$scratch/axe.min.js"
sha256sum --check --quiet <<< "$sum  $scratch/axe.min.js"
mv "$scratch/axe.min.js" "$folder/axe.min.js"
