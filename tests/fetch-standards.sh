#!/usr/bin/env bash
# Fetches what tests compare with into target/standards: the examples of CommonMark 0.31.2 and GFM 0.29, and the schema of
# sitemaps. They are under licences of their own, so they are not part of this repository.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=target/standards
mkdir -p "$folder"
# What a killed run left is no good; a file under its own name is whole.
scratch=$(mktemp -d "$folder/fetching.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

# fetch NAME SHA256 URL PATH-IN-ARCHIVE: the file at that path of the archive, checked.
fetch() {
    local name=$1 sum=$2 url=$3 path=$4
    if [ -f "$folder/$name" ] && sha256sum --check --quiet <<< "$sum  $folder/$name" 2> /dev/null; then
        return
    fi
    curl --fail --location --silent --show-error --retry 4 --max-time 120 --output "$scratch/archive" "$url"
    tar -xzOf "$scratch/archive" "$path" > "$scratch/$name"
    sha256sum --check --quiet <<< "$sum  $scratch/$name"
    mv "$scratch/$name" "$folder/$name"
}

# The specification's own package in the npm registry.
fetch commonmark.txt 257c41ad946f7a1414a499aca402a1aa8fdac3678532266611348c1cf54f4b80 \
    https://registry.npmjs.org/commonmark-spec/-/commonmark-spec-0.31.2.tgz package/spec.txt
# GitHub's specification, as the crate with GitHub's parser holds it.
fetch gfm.txt 7cea1221ffba48559d8748c8510d3c5bda40487a13667b80e77c14a1505b9821 \
    https://static.crates.io/crates/cmark-gfm-sys/cmark-gfm-sys-0.1.0.crate cmark-gfm-sys-0.1.0/cmark-gfm/test/spec.txt
# The schema of sitemaps.org, as the package of a maker of sitemaps holds it.
fetch sitemap.xsd fbec77e84467050d5667394a57cc5cdfe1239d80aca1d61e9e0827173c3d9df9 \
    https://registry.npmjs.org/sitemap/-/sitemap-9.0.1.tgz package/schema/sitemap.xsd
