#!/usr/bin/env bash
# Makes a Python wheel of each archive: the program alone, as a script of the wheel.
#
#   build.sh ARCHIVES FOLDER
#
# Not by maturin, which compiles the program: then the wheels would hold other bytes than the release.
set -euo pipefail
# shellcheck source=packages/release.sh
source "$(dirname "$0")/../release.sh"
archives=$1 folder=$2

# The tags of the systems where a program runs, of which pip takes the best. A program without a C library runs on every
# Linux, but its allocator is slower: there it is the last choice, and on musl and with an old GNU library the only one.
platforms() {
    case $1 in
        *-linux-gnu) echo "manylinux_$(glibc "$2" | tr . _)_${1%%-*}" ;;
        *-linux-musl) echo "manylinux_2_17_${1%%-*} manylinux2014_${1%%-*} musllinux_1_1_${1%%-*}" ;;
        # The oldest systems that Rust compiles for.
        aarch64-apple-darwin) echo macosx_11_0_arm64 ;;
        x86_64-apple-darwin) echo macosx_10_12_x86_64 ;;
        x86_64-pc-windows-msvc) echo win_amd64 ;;
        *) echo "no wheel is known for $1" >&2; return 1 ;;
    esac
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$folder"
python3 -m venv "$scratch/python"
"$scratch/python/bin/pip" install --quiet --disable-pip-version-check --require-hashes --requirement \
    "$project/packages/python/requirements.txt"
for target in $(targets "$archives"); do
    unpack "$archives" "$target" "$scratch/$target"
    tree=$scratch/wheel
    scripts=$tree/notes_site-$version.data/scripts
    about=$tree/notes_site-$version.dist-info
    mkdir -p "$scripts" "$about/licenses"
    program=$(find "$scratch/$target" -maxdepth 1 -name notes -o -maxdepth 1 -name notes.exe)
    cp "$program" "$scripts/"
    cp "$project/LICENSE" "$about/licenses/"
    { fill "$project/packages/python/METADATA"; fill "$project/packages/about.md"; } > "$about/METADATA"
    tags=$(platforms "$target" "$program")
    {
        printf 'Wheel-Version: 1.0\nGenerator: notes (%s)\nRoot-Is-Purelib: false\n' "$version"
        for tag in $tags; do echo "Tag: py3-none-$tag"; done
    } > "$about/WHEEL"
    "$scratch/python/bin/wheel" pack --dest-dir "$folder" "$tree" > /dev/null
    rm -rf "${scratch:?}/$target" "$tree"
done
