#!/usr/bin/env bash
# Runs every check of the project, from a fresh clone on a fresh Debian machine: installs what it needs, then
# formatting, lints, tests, documentation, and the audit of built sites. Stops at the first that fails.
set -euo pipefail
cd "$(dirname "$0")/.."

shared=../shared
target=${CARGO_TARGET_DIR:-target}

step() {
    printf '\n== %s (%d s so far)\n' "$1" "$SECONDS"
}

# Installs Debian packages unless the command is there: install COMMAND PACKAGE...
install() {
    local command=$1
    shift
    command -v "$command" > /dev/null && return
    local as_root=()
    [ "$(id -u)" = 0 ] || as_root=(sudo)
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends "$@"
}

# Builds the site of a folder and audits it from outside: audit NOTES SITE
audit() {
    "$target/debug/notes" build "$1" -o "$2" --quiet
    python3 "$shared/tools/audit.py" "$1" "$2"
}

step 'tools'
install cc gcc libc6-dev
install curl curl ca-certificates
install setpriv util-linux
if ! command -v cargo > /dev/null; then
    install rustup rustup
    rustup default stable
fi
cargo fmt --version > /dev/null 2>&1 || rustup component add rustfmt
cargo clippy --version > /dev/null 2>&1 || rustup component add clippy

step 'formatting'
cargo fmt --check

step 'lints'
cargo clippy --locked --all-targets -- -D warnings

step 'examples of CommonMark and GFM'
tests/fetch-standards.sh

# Notes of others, where they are at hand: archives beside the checks that look at a site from outside.
corpora=()
if [ -d "$shared/tools" ]; then
    step 'notes of others'
    install python3 python3
    for archive in "$shared"/corpora/*.tar.gz; do
        notes=$PWD/target/corpora/$(basename "$archive" .tar.gz)
        rm -rf "$notes"
        mkdir -p "$notes"
        tar -xzf "$archive" -C "$notes" --strip-components=1
        corpora+=("$notes")
    done
fi

step 'tests'
# A snapshot that differs fails; it is never written in passing.
NOTES_AUDIT=$(IFS=:; printf '%s' "${corpora[*]}") INSTA_UPDATE=no cargo test --locked

step 'documentation'
RUSTDOCFLAGS='-D warnings' cargo doc --locked --no-deps

if [ -d "$shared/tools" ]; then
    for notes in content "${corpora[@]}"; do
        step "audit of $(basename "$notes")"
        audit "$notes" "$target/sites/$(basename "$notes")"
    done
fi

step 'all checks passed'
