#!/usr/bin/env bash
# The action's own steps, as a workflow runs them, with a release in a folder in the place of GitHub's.
set -euo pipefail
cd "$(dirname "$0")/.."

program=$(realpath "${CARGO_TARGET_DIR:-target}/debug/notes")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
releases=$scratch/forge/example/notes/releases/download/v$version
export GITHUB_SERVER_URL=file://$scratch/forge REPOSITORY=example/notes

fail() {
    printf 'action: %s\n' "$*" >&2
    exit 1
}

# A cargo that only says what it was asked for.
mkdir "$scratch/bin"
cat > "$scratch/bin/cargo" <<'STUB'
#!/usr/bin/env bash
echo "$NOTES_REPOSITORY $*" > "$ASKED"
mkdir -p "${@: -1}/bin"
ln -s "$PROGRAM" "${@: -1}/bin/notes"
STUB
chmod +x "$scratch/bin/cargo"
with_stub() {
    PATH=$scratch/bin:$PATH ASKED=$scratch/asked PROGRAM=$program "$@"
}

# Without a release, the program is made of the source; who asks without a repository's name is known by the folders.
with_stub bash .github/action/install.sh "$PWD" "$scratch/made" > /dev/null 2>&1
grep -q "^example/notes install --locked --quiet --path $PWD --root" "$scratch/asked" || fail 'not made of the source'
mkdir -p "$scratch/_actions/somebody/notes"
ln -s "$PWD" "$scratch/_actions/somebody/notes/v1"
REPOSITORY='' with_stub bash .github/action/install.sh "$scratch/_actions/somebody/notes/v1" "$scratch/named" > /dev/null 2>&1
grep -q '^somebody/notes ' "$scratch/asked" || fail 'the repository is not known by the folders'

# With one, its binary, if it is what its sum says.
for target in x86_64-unknown-linux-gnu x86_64-unknown-linux-musl aarch64-unknown-linux-gnu; do
    bash .github/action/package.sh "$target" "$program" "$releases"
done
bash .github/action/install.sh "$PWD" "$scratch/installed" > "$scratch/said"
grep -q "^installed notes $version of example/notes$" "$scratch/said" || fail "$(cat "$scratch/said")"
# Not into `grep -q`, which stops reading, so that tar would be told to stop and fail.
tar -tzf "$releases/notes-v$version-x86_64-unknown-linux-gnu.tar.gz" > "$scratch/held"
grep -q 'man/notes-build.1$' "$scratch/held" || fail 'no manual'
for sum in "$releases"/*.sha256; do sed -i 's/^./x/' "$sum"; done
if bash .github/action/install.sh "$PWD" "$scratch/forged" > /dev/null 2>&1; then fail 'a forged binary is installed'; fi
test ! -e "$scratch/forged/bin/notes" || fail 'a forged binary is installed'

# The notes are checked and built; what is wrong is an annotation, and with `strict` the end.
mkdir "$scratch/my notes"
printf '# 首页\n\n[坏](none.md)\n' > "$scratch/my notes/README.md"
export FOLDER="$scratch/my notes" GITHUB_OUTPUT=$scratch/output
STRICT=false BASE_URL=https://example.org/n bash .github/action/build.sh "$scratch/installed/bin/notes" > "$scratch/said"
grep -q '^::warning title=dead-link,file=.*/README.md,line=3,' "$scratch/said" || fail "$(cat "$scratch/said")"
grep -q "^site=$FOLDER/site$" "$GITHUB_OUTPUT" || fail 'no output'
grep -q 'https://example.org/n/' "$FOLDER/site/sitemap.xml" || fail 'no address'
for strict in true yes; do
    if STRICT=$strict bash .github/action/build.sh "$program" > /dev/null 2>&1; then fail "passes with strict: $strict"; fi
done
echo 'action: its steps do what they should'
