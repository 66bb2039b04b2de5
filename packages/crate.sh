#!/usr/bin/env bash
# Writes the repository into Cargo.toml, for the crate that is published from there: cargo-binstall finds the binaries of
# the release by it, and `notes init` the action. A clone needs none, for git knows where it is from; the line is not
# committed.
set -euo pipefail
# shellcheck source=packages/release.sh
source "$(dirname "$0")/release.sh"

if grep --quiet '^repository = ' "$project/Cargo.toml"; then exit; fi
sed -i "s|^license = .*|&\nrepository = \"https://github.com/$REPOSITORY\"|" "$project/Cargo.toml"
