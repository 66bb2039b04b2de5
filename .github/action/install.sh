#!/usr/bin/env bash
# Installs the program as SOURCE says it, into ROOT/bin: the binary of its release, checked against its sum, or, where
# there is none, made of the source with cargo.
#
#   install.sh SOURCE ROOT
#
# SOURCE is a copy of the project. REPOSITORY is `owner/name` on GITHUB_SERVER_URL; without it, the folders' names above
# SOURCE say it, which are `owner/name/ref` where actions are kept.
set -euo pipefail
source=$1 root=$2

version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$source/Cargo.toml" | head -n 1)
repository=${REPOSITORY:-}
if [ -z "$repository" ]; then
    above=$(dirname "$source")
    repository=$(basename "$(dirname "$above")")/$(basename "$above")
fi
releases=${GITHUB_SERVER_URL:-https://github.com}/$repository/releases/download/v$version

# The name of the binary for this machine.
target() {
    case "$(uname -s)-$(uname -m)" in
        Linux-x86_64)
            # Without the GNU C library, or with one that is too old, the binary that needs none.
            if getconf GNU_LIBC_VERSION > /dev/null 2>&1; then echo x86_64-unknown-linux-gnu; else echo x86_64-unknown-linux-musl; fi
            ;;
        Linux-aarch64) echo aarch64-unknown-linux-gnu ;;
        Darwin-arm64) echo aarch64-apple-darwin ;;
        Darwin-x86_64) echo x86_64-apple-darwin ;;
        MINGW*-x86_64 | MSYS*-x86_64) echo x86_64-pc-windows-msvc ;;
        *) return 1 ;;
    esac
}

check() {
    if command -v sha256sum > /dev/null; then sha256sum --check --quiet "$1"; else shasum -a 256 --check --quiet "$1"; fi
}

# Returns 1 when there is no binary to be had; ends the run when there is one and it is not what it should be.
download() {
    local target archive scratch
    target=$(target) || return 1
    archive=notes-v$version-$target.tar.gz
    scratch=$(mktemp -d)
    curl --fail --location --silent --show-error --retry 3 --max-time 120 \
        --output "$scratch/$archive" "$releases/$archive" \
        --output "$scratch/$archive.sha256" "$releases/$archive.sha256" || return 1
    (cd "$scratch" && check "$archive.sha256") || { echo "::error::$archive is not what its sum says" >&2; exit 1; }
    mkdir -p "$root/bin"
    tar -xzf "$scratch/$archive" -C "$root/bin" --strip-components=1
    rm -rf "$scratch"
}

if download; then
    echo "installed notes $version of $repository"
else
    echo "no binary of notes $version for this machine at $releases; it is made of the source"
    NOTES_REPOSITORY=$repository cargo install --locked --quiet --path "$source" --root "$root"
fi
"$root/bin/notes" --version
