#!/usr/bin/env bash
# Builds this project's own site and shows it in a preview, from a fresh clone on a fresh Debian machine: installs a C
# compiler and Rust if they are missing. Arguments go to `notes serve`, for example --port 8000.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=tests/install.sh
source tests/install.sh

compiler
cargo run --release --locked -- serve "$@"
