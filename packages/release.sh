# shellcheck shell=bash
# The archives of a release, as .github/action/package.sh writes them; sourced by the scripts that make packages of them.
# REPOSITORY is `owner/name` on GitHub.

project=$(realpath "$(dirname "${BASH_SOURCE[0]}")/..")
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$project/Cargo.toml" | head -n 1)
description=$(sed -n 's/^description = "\(.*\)"$/\1/p' "$project/Cargo.toml")
: "${REPOSITORY:?is owner/name of the repository on GitHub}"

# The targets that an archive is there for, one a line: targets ARCHIVES
targets() {
    local archive
    for archive in "$1/notes-v$version"-*.tar.gz; do
        archive=${archive##*/notes-v"$version"-}
        echo "${archive%.tar.gz}"
    done
}

# Unpacks the archive of a target into FOLDER: unpack ARCHIVES TARGET FOLDER
unpack() {
    mkdir -p "$3"
    tar -xzf "$1/notes-v$version-$2.tar.gz" -C "$3" --strip-components=1
}

# The version of GNU's C library that a program needs at least, as its table of symbols has it.
glibc() {
    local needed
    needed=$(grep --text --only-matching --extended-regexp 'GLIBC_2\.[0-9]+' "$1" | sort --version-sort | tail -n 1)
    echo "${needed#GLIBC_}"
}

# Prints a template with its places filled in; `@SUM target@` is the digest of an archive: fill TEMPLATE [ARCHIVES]
fill() {
    local target sums=()
    for target in $(if [ $# = 2 ]; then targets "$2"; fi); do
        sums+=(-e "s|@SUM $target@|$(cut -d ' ' -f 1 "$2/notes-v$version-$target.tar.gz.sha256")|")
    done
    sed -e "s|@VERSION@|$version|g" -e "s|@REPOSITORY@|$REPOSITORY|g" -e "s|@OWNER@|${REPOSITORY%%/*}|g" \
        -e "s|@DESCRIPTION@|$description|g" "${sums[@]+"${sums[@]}"}" "$1"
}
