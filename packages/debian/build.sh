#!/usr/bin/env bash
# Makes a Debian package of each archive for Linux with GNU's C library: the program, its manual pages and completions.
# With dpkg-deb alone, for there is nothing to compile.
#
#   build.sh ARCHIVES FOLDER
set -euo pipefail
# shellcheck source=packages/release.sh
source "$(dirname "$0")/../release.sh"
archives=$1 folder=$2

# Puts a file into the tree as everyone may read it: place FROM TO
place() {
    install -D --mode=644 "$1" "$tree/$2"
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$folder"
for target in $(targets "$archives"); do
    case $target in
        x86_64-unknown-linux-gnu) architecture=amd64 ;;
        aarch64-unknown-linux-gnu) architecture=arm64 ;;
        *) continue ;;
    esac
    unpack "$archives" "$target" "$scratch/$target"
    cd "$scratch/$target"
    tree=$scratch/$architecture
    install -D --mode=755 notes "$tree/usr/bin/notes"
    for page in man/*.1; do
        gzip --best --no-name "$page"
        place "$page.gz" "usr/share/man/man1/${page##*/}.gz"
    done
    place completions/notes.bash usr/share/bash-completion/completions/notes
    place completions/notes.zsh usr/share/zsh/vendor-completions/_notes
    place completions/notes.fish usr/share/fish/vendor_completions.d/notes.fish
    gzip --best --no-name CHANGELOG.md
    place CHANGELOG.md.gz usr/share/doc/notes-site/CHANGELOG.md.gz
    { fill "$project/packages/debian/copyright"; sed -e '/^$/s/^/./' -e 's/^/ /' LICENSE; } > copyright
    place copyright usr/share/doc/notes-site/copyright
    size=$(du --summarize --apparent-size --block-size=1024 "$tree" | cut -f 1)
    mkdir "$tree/DEBIAN"
    fill "$project/packages/debian/control" | sed -e "s|@ARCHITECTURE@|$architecture|" -e "s|@SIZE@|$size|" \
        -e "s|@GLIBC@|$(glibc notes)|" > "$tree/DEBIAN/control"
    chmod --recursive u=rwX,go=rX "$tree"
    cd - > /dev/null
    dpkg-deb --root-owner-group --build "$tree" "$folder/notes-site_${version}_$architecture.deb" > /dev/null
    rm -rf "${scratch:?}/$target" "$tree"
done
