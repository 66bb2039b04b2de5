#!/usr/bin/env bash
# The action's own steps, as a workflow runs them, with a release in a folder in the place of GitHub's.
set -euo pipefail
cd "$(dirname "$0")/.."

program=$(realpath "${CARGO_TARGET_DIR:-target}/debug/notes")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
major=v${version%%.*}
releases=$scratch/forge/example/notes/releases/download/v$version
export GITHUB_SERVER_URL=file://$scratch/forge

fail() {
    printf 'action: %s\n' "$*" >&2
    exit 1
}

# A cargo that only says what it was asked for.
mkdir "$scratch/bin"
cat > "$scratch/bin/cargo" <<'STUB'
#!/usr/bin/env bash
echo "${NOTES_REPOSITORY-nobody} $*" > "$ASKED"
mkdir -p "${@: -1}/bin"
ln -s "$PROGRAM" "${@: -1}/bin/notes"
STUB
chmod +x "$scratch/bin/cargo"
# Installs what a REPOSITORY has at a REF; says `release`, or for whom the program is made of the source.
installed() {
    local root said
    root=$(mktemp -d "$scratch/root.XXXXXX")
    rm -f "$scratch/asked"
    PATH=$scratch/bin:$PATH ASKED=$scratch/asked PROGRAM=$program REPOSITORY=$1 REF=$2 \
        bash .github/action/install.sh "${3:-$PWD}" "$root" > "$scratch/said" 2>&1 || { echo failed; return; }
    test -e "$root/bin/notes" || fail 'nothing is installed'
    said=$(grep -c "^installed notes $version of ${1:-somebody/notes}$" "$scratch/said") || true
    if [ "$said" = 1 ] && [ ! -e "$scratch/asked" ]; then echo release; else cut -d ' ' -f 1 "$scratch/asked"; fi
}
# expect WHAT REPOSITORY REF [SOURCE]
expect() {
    local what=$1 found
    shift
    found=$(installed "$@")
    [ "$found" = "$what" ] || fail "$* is installed by $found, not $what: $(cat "$scratch/said")"
}
package() {
    bash .github/action/package.sh "$1" "$2" "$releases"
}
here=$(uname -m)-unknown-linux
# What stands for the program in archives: it is small, whatever the program is.
mkdir "$scratch/current" "$scratch/newer"
printf '#!/bin/sh\nexec "%s" "$@"\n' "$program" > "$scratch/current/notes"
chmod +x "$scratch/current/notes"

# Without a release, the program is made of the source.
expect example/notes example/notes "$major"
grep -q " install --locked --quiet --path $PWD --root" "$scratch/asked" || fail "$(cat "$scratch/asked")"

# With one, its binary; at its tags only.
for target in {x86_64,aarch64}-unknown-linux-{gnu,musl}; do package "$target" "$scratch/current/notes"; done
for tag in "v$version" "$major"; do expect release example/notes "$tag"; done
for other in main "$version" v v0 "v$version-2" 'v*' '' de0fac2e4500dabe0009e67214ff5f5447ce83dd; do
    expect example/notes example/notes "$other"
done
# Not into `grep -q`, which stops reading, so that tar would be told to stop and fail.
tar -tzf "$releases/notes-v$version-$here-gnu.tar.gz" > "$scratch/held"
"$program" manual | sed -n '/(1)$/s/(1)\|\\//gp' > "$scratch/named"
grep -q '^notes-manual$' "$scratch/named" || fail 'the manual names no page'
while read -r page; do
    grep -q "man/$page.1$" "$scratch/held" || fail "the manual names $page, which is not there"
done < "$scratch/named"

# Who asks without a repository's name is known by the folders where actions are kept, and by no others: a stranger may
# have a repository of that name, with a release.
keep() {
    mkdir -p "$(dirname "$1")"
    ln -s "$PWD" "$1"
}
mkdir -p "$scratch/forge/somebody" "$scratch/forge/x"
for name in somebody/notes x/x; do ln -s "$scratch/forge/example/notes" "$scratch/forge/$name"; done
keep "$scratch/_actions/somebody/notes/$major"
keep "$scratch/_actions/somebody/notes/topic/$major"
keep "$scratch/work/x/x"
expect release '' '' "$scratch/_actions/somebody/notes/$major"
expect release '' '' "${scratch//\//\\}\\_actions\\somebody\\notes\\$major"
expect somebody/notes '' '' "$scratch/_actions/somebody/notes/topic/$major"
expect nobody '' '' "$scratch/work/x/x/./"
expect nobody '' "$major" "$scratch/work/x/x/./"

# A binary that does not run here, as with an older C library, gives way to the next, and the last to the source.
cat > "$scratch/newer/notes" <<STUB
#!/bin/sh
if [ "\$1" = --version ]; then echo GLIBC_9.9 not found >&2; exit 1; fi
exec "$program" "\$@"
STUB
chmod +x "$scratch/newer/notes"
package "$here-gnu" "$scratch/newer/notes"
expect release example/notes "$major"
package "$here-musl" "$scratch/newer/notes"
expect example/notes example/notes "$major"
# So does an archive that cannot be unpacked, or is not there while its sum is.
for archive in "$releases"/*.tar.gz; do
    echo nothing > "$archive"
    (cd "$releases" && sha256sum "$(basename "$archive")" > "$archive.sha256")
done
expect example/notes example/notes "$major"
rm "$releases"/*.tar.gz
expect example/notes example/notes "$major"
# One that is not what its sum says is the end.
for target in gnu musl; do package "$here-$target" "$scratch/current/notes"; done
for sum in "$releases"/*.sha256; do sed -i 's/^./x/' "$sum"; done
expect failed example/notes "$major"

# One that no workflow of the repository has signed is the end too, where that can be asked.
for target in gnu musl; do package "$here-$target" "$scratch/current/notes"; done
real_curl=$(command -v curl)
cat > "$scratch/bin/curl" <<STUB
#!/usr/bin/env bash
exec "$real_curl" "\${@/#https:\/\/github.com/file://$scratch/forge}"
STUB
cat > "$scratch/bin/gh" <<'STUB'
#!/usr/bin/env bash
case "$*" in
    'attestation verify --help') [ "$SIGNED" != old ] ;;
    "attestation verify /"*"/notes-v"*".tar.gz --repo example/notes --signer-workflow example/notes/.github/workflows/release.yml")
        [ "$SIGNED" = yes ] ;;
    'api repos/example/notes') [ "$SIGNED" = no ] ;;
    *) exit 1 ;;
esac
STUB
chmod +x "$scratch/bin/curl" "$scratch/bin/gh"
for case in 'yes token release' 'no token failed' 'lost token failed' 'old token release' 'no  release'; do
    IFS=' ' read -r signed token what <<< "${case/  / - }"
    if [ "$token" = - ]; then token=; fi
    GITHUB_SERVER_URL=https://github.com SIGNED=$signed GH_TOKEN=$token expect "$what" example/notes "$major"
    case $signed-$what in
        no-failed) grep -q 'was not built by the release workflow' "$scratch/said" || fail "$(cat "$scratch/said")" ;;
        lost-failed) grep -q 'GitHub does not answer' "$scratch/said" || fail "$(cat "$scratch/said")" ;;
    esac
done
# Other servers keep no such statements.
SIGNED=no GH_TOKEN=token expect release example/notes "$major"
rm "$scratch/bin/curl"

# A release is published, and moves the tag that stands for its number unless a newer one is out.
cat > "$scratch/bin/gh" <<'STUB'
#!/usr/bin/env bash
case "$*" in
    'release view '*) [ -n "$IS_DRAFT" ] && echo "$IS_DRAFT" ;;
    'release list '*) printf '%s\n' $RELEASED ;;
    'api repos/'*) [ -n "$RELEASED" ] ;;
    *) echo "$*" >> "$ASKED" ;;
esac
STUB
chmod +x "$scratch/bin/gh"
# drafts IS_DRAFT IS_OUT WHAT: IS_DRAFT is empty where there is no release.
drafts() {
    : > "$scratch/asked"
    : > "$scratch/output"
    PATH=$scratch/bin:$PATH ASKED=$scratch/asked IS_DRAFT=$1 GITHUB_OUTPUT=$scratch/output bash .github/action/draft.sh v1.0.0
    [ "$(cat "$scratch/output")" = "is_out=$2" ] || fail "with a draft: $1, says $(cat "$scratch/output")"
    [ "$(cat "$scratch/asked")" = "$3" ] || fail "with a draft: $1, asks $(cat "$scratch/asked")"
}
drafts '' false 'release create v1.0.0 --draft --verify-tag --title v1.0.0 --notes-file CHANGELOG.md'
drafts true false ''
drafts false true ''
# publishes RELEASED TAG WHAT...
publishes() {
    local released=$1 tag=$2
    shift 2
    : > "$scratch/asked"
    : > "$scratch/output"
    PATH=$scratch/bin:$PATH ASKED=$scratch/asked RELEASED=$released GH_REPO=o/n GITHUB_OUTPUT=$scratch/output \
        bash .github/action/publish.sh "$tag" abc > /dev/null
    grep -q -- "--draft=false --$(cat "$scratch/output")$" "$scratch/asked" || fail "$tag says $(cat "$scratch/output")"
    diff <(printf '%s\n' "$@") "$scratch/asked" || fail "$tag after $released"
}
edit='--draft=false --latest'
patch='api --method PATCH repos/o/n/git/refs/tags/v1 -f sha=abc -F force=true'
publishes '' v1.0.0 "release edit v1.0.0 $edit=true" 'api --method POST repos/o/n/git/refs -f ref=refs/tags/v1 -f sha=abc'
publishes 'v1.9.0 v1.2.0' v1.10.0 "release edit v1.10.0 $edit=true" "$patch"
publishes 'v1.10.0 v1.9.0' v1.9.1 "release edit v1.9.1 $edit=false"
publishes 'v2.0.0 v10.0.0 v1.9.0' v1.9.1 "release edit v1.9.1 $edit=false" "$patch"
publishes 'v1.9.1 v1.9.0' v1.9.1 "release edit v1.9.1 $edit=true" "$patch"

# The notes are checked and built; what is wrong is an annotation, and with `strict` the end.
mkdir "$scratch/my notes"
printf '# 首页\n\n[坏](none.md)\n' > "$scratch/my notes/README.md"
export FOLDER="$scratch/my notes" GITHUB_OUTPUT=$scratch/output
STRICT=false BASE_URL=https://example.org/n bash .github/action/build.sh "$program" > "$scratch/said"
grep -q '^::warning title=dead-link,file=.*/README.md,line=3,' "$scratch/said" || fail "$(cat "$scratch/said")"
grep -q "^site=$FOLDER/site$" "$GITHUB_OUTPUT" || fail 'no output'
grep -q 'https://example.org/n/' "$FOLDER/site/sitemap.xml" || fail 'no address'
# What a build prints is between a word that stops commands and the same word, also when it fails.
cat > "$scratch/bin/notes" <<'STUB'
#!/usr/bin/env bash
if [ "$1" = build ]; then printf '::add-mask::x'; exit 3; fi
STUB
chmod +x "$scratch/bin/notes"
status=0
bash .github/action/build.sh "$scratch/bin/notes" > "$scratch/said" || status=$?
word=$(sed -n '1s/^::stop-commands:://p' "$scratch/said")
printf '::stop-commands::%s\n::add-mask::x\n::%s::\n' "$word" "$word" | diff - "$scratch/said" || fail 'commands are not stopped'
if [ $status != 3 ] || [ ${#word} != 38 ]; then fail "ends with $status, after $word"; fi
for strict in true yes; do
    if STRICT=$strict bash .github/action/build.sh "$program" > /dev/null 2>&1; then fail "passes with strict: $strict"; fi
done
echo 'action: its steps do what they should'
