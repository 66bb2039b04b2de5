#!/usr/bin/env bash
# Installs the program as SOURCE says it, into ROOT/bin: the binary of its release, checked against its sum and, where
# GitHub's `gh` and a token are at hand, against the signed statement of where it was built; or, where none runs on this
# machine, made of the source with cargo.
#
#   install.sh SOURCE ROOT
#
# SOURCE is a copy of the project. REPOSITORY is `owner/name` on GITHUB_SERVER_URL and REF what was asked of it; without
# them, the folders above SOURCE say it, which are `_actions/owner/name/ref` where actions of others are kept. Any other
# folder says nothing: `uses: ./` stands in one that is called as its repository is, twice.
#
# A release is what its tags name, `v1` or `v1.2.3`. A branch or a commit names a source, which need not be that of any
# release, whatever version it says.
set -euo pipefail
# Windows has folders between `\`.
source=${1//\\//} root=$2

version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$source/Cargo.toml" | head -n 1)
repository=${REPOSITORY:-} ref=${REF:-}
if [[ -z $repository && $source =~ /_actions/([^/]+/[^/]+)/(.+)$ ]]; then
    repository=${BASH_REMATCH[1]} ref=${ref:-${BASH_REMATCH[2]}}
fi
releases=${GITHUB_SERVER_URL:-https://github.com}/$repository/releases/download/v$version

is_released() {
    [ -n "$repository" ] && [[ $ref = "v$version" || $ref = "v${version%%.*}" ]]
}

# The names of the binaries for this machine, the best first.
targets() {
    case "$(uname -s)-$(uname -m)" in
        # The second needs no C library: the first needs GNU's, and one that is not much older than itself.
        Linux-x86_64) echo x86_64-unknown-linux-gnu x86_64-unknown-linux-musl ;;
        Linux-aarch64) echo aarch64-unknown-linux-gnu aarch64-unknown-linux-musl ;;
        Darwin-arm64) echo aarch64-apple-darwin ;;
        Darwin-x86_64) echo x86_64-apple-darwin ;;
        MINGW*-x86_64 | MSYS*-x86_64) echo x86_64-pc-windows-msvc ;;
    esac
}

check() {
    if command -v sha256sum > /dev/null; then sha256sum --check --quiet "$1"; else shasum -a 256 --check --quiet "$1"; fi
}

# GitHub's own server alone keeps the statements, and older `gh` cannot read them.
can_verify() {
    [ "${GITHUB_SERVER_URL:-https://github.com}" = https://github.com ] && [ -n "${GH_TOKEN:-}" ] &&
        gh attestation verify --help > /dev/null 2>&1
}

# True when the file was built by the release workflow of the repository, or that cannot be asked here.
is_from_repository() {
    if ! can_verify; then return; fi
    gh attestation verify "$1" --repo "$repository" --signer-workflow "$repository/.github/workflows/release.yml" > /dev/null
}

# Fails when there is no such binary, or it does not run here; ends the run when it is not what its sum says or from somewhere else. As a
# condition it is not ended by `set -e`, so that each step says itself what comes of it.
install_binary() {
    local name=notes-v$version-$1 folder
    folder=$(mktemp -d "$scratch/XXXXXX") || return 1
    curl --fail --fail-early --location --silent --show-error --retry 3 --max-time 120 \
        --output "$folder/$name.tar.gz" "$releases/$name.tar.gz" \
        --output "$folder/$name.tar.gz.sha256" "$releases/$name.tar.gz.sha256" || return 1
    (cd "$folder" && check "$name.tar.gz.sha256") || { echo "::error::$name.tar.gz is not what its sum says" >&2; exit 1; }
    if ! is_from_repository "$folder/$name.tar.gz"; then
        # `gh` ends in the same way without a network.
        if gh api "repos/$repository" > /dev/null; then
            echo "::error::$name.tar.gz was not built by the release workflow of $repository" >&2
        else
            echo "::error::GitHub does not answer where $name.tar.gz was built; try again later" >&2
        fi
        exit 1
    fi
    tar -xzf "$folder/$name.tar.gz" -C "$folder" || return 1
    "$folder/$name/notes" --version > /dev/null 2>&1 || { echo "$name does not run on this machine"; return 1; }
    mkdir -p "$root/bin" && cp -R "$folder/$name/." "$root/bin"
}

install_release() {
    local target
    is_released || return 1
    for target in $(targets); do
        if install_binary "$target"; then return; fi
    done
    return 1
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
if install_release; then
    echo "installed notes $version of $repository"
else
    if is_released; then
        echo "no binary of notes $version for this machine at $releases; it is made of the source"
    else
        echo "${ref:-a folder} is no release; notes $version is made of the source"
    fi
    # An empty name would say that the program is published nowhere; without one, its source is asked.
    if [ -n "$repository" ]; then export NOTES_REPOSITORY=$repository; fi
    cargo install --locked --quiet --path "$source" --root "$root"
fi
"$root/bin/notes" --version
