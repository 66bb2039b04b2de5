#!/usr/bin/env bash
# Makes the packages of a release and installs each that this machine can have, the way its readers do; with each, the
# first minutes of the guide give the site that the program itself builds.
#
#   packages.sh [PROGRAM | ARCHIVES [FOLDER]]
#
# Of a PROGRAM, archives are made here, and what stands for it in those of other machines is a script. The packages stay in
# FOLDER. Nothing is asked of a registry but the tool that packs wheels.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=tests/install.sh
source tests/install.sh

given=$(realpath "${1:-${CARGO_TARGET_DIR:-target}/debug/notes}")
scratch=$(mktemp -d)
registry=
finish() {
    if [ -n "$registry" ]; then kill "$registry"; fi
    # What dpkg installed belongs to the superuser.
    as_root rm -rf "$scratch"
}
trap finish EXIT
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
export REPOSITORY=${REPOSITORY:-example/notes}
here=$(uname -m)-unknown-linux-gnu
mapfile -t targets < <(sed -n 's/^ *- { target: \([^,]*\),.*/\1/p' .github/workflows/release.yml)

fail() {
    printf 'packages: %s\n' "$*" >&2
    exit 1
}

# Archives of a release, for all of its machines: archives PROGRAM FOLDER
archives() {
    local target program
    mkdir "$scratch/here" "$scratch/elsewhere"
    # Debugging information would be most of each package.
    strip -o "$scratch/here/notes" "$1"
    # As in a program's table of symbols, with another word after it that is none.
    printf '#!/bin/sh\n# GLIBC_2.9 GLIBC_2.31 GLIBC_PRIVATE\nexec "%s" "$@"\n' "$scratch/here/notes" > "$scratch/elsewhere/notes"
    chmod +x "$scratch/elsewhere/notes"
    cp "$scratch/elsewhere/notes" "$scratch/elsewhere/notes.exe"
    for target in "${targets[@]}"; do
        program=$scratch/elsewhere/notes
        if [ "$target" = "$here" ]; then program=$scratch/here/notes; fi
        case $target in *-windows-*) program=$program.exe ;; esac
        bash .github/action/package.sh "$target" "$program" "$2"
    done
}

if [ -d "$given" ]; then
    archives=$given
else
    archives=$scratch/archives
    archives "$given" "$archives"
fi
packages=${2:-$scratch/packages}
packages/build.sh "$archives" "$packages"

# Not of an archive that is another one than was built.
mkdir "$scratch/damaged"
cp "$archives/notes-v$version-$here".* "$scratch/damaged"
echo >> "$scratch/damaged/notes-v$version-$here.tar.gz"
if packages/build.sh "$scratch/damaged" "$scratch/none" > "$scratch/said" 2>&1; then fail 'packs a damaged archive'; fi
[ ! -e "$scratch/none" ] || fail 'packs something of a damaged archive'

# Every machine that the release has an archive for has a package of each kind that it can have.
(cd "$packages" && find . -type f) | sed 's/none-manylinux_2_[0-9]*_/none-manylinux_2_N_/' | sort > "$scratch/made"
diff - "$scratch/made" <<LIST || fail 'these are not the packages of all machines'
./container/Dockerfile
./container/amd64/notes
./container/arm64/notes
./debian/notes-site_${version}_amd64.deb
./debian/notes-site_${version}_arm64.deb
./manifests/notes-site.json
./manifests/notes-site.rb
./npm/notes-site-$version.tgz
./npm/notes-site-darwin-arm64-$version.tgz
./npm/notes-site-darwin-x64-$version.tgz
./npm/notes-site-linux-arm64-$version.tgz
./npm/notes-site-linux-arm64-musl-$version.tgz
./npm/notes-site-linux-x64-$version.tgz
./npm/notes-site-linux-x64-musl-$version.tgz
./npm/notes-site-win32-x64-$version.tgz
./python/notes_site-$version-py3-none-macosx_10_12_x86_64.whl
./python/notes_site-$version-py3-none-macosx_11_0_arm64.whl
./python/notes_site-$version-py3-none-manylinux2014_aarch64.manylinux_2_17_aarch64.musllinux_1_1_aarch64.whl
./python/notes_site-$version-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.musllinux_1_1_x86_64.whl
./python/notes_site-$version-py3-none-manylinux_2_N_aarch64.whl
./python/notes_site-$version-py3-none-manylinux_2_N_x86_64.whl
./python/notes_site-$version-py3-none-win_amd64.whl
LIST

# The addresses and digests of the manifests are those of the archives; so is the address that cargo-binstall makes.
release=https://github.com/$REPOSITORY/releases/download/v$version
ruby -c "$packages/manifests/notes-site.rb" > /dev/null
node -e 'JSON.parse(require("fs").readFileSync(process.argv[1]))' "$packages/manifests/notes-site.json"
for target in "${targets[@]}"; do
    case $target in
        *-musl) continue ;;
        *-windows-*) manifest=notes-site.json key='"hash":' ;;
        *) manifest=notes-site.rb key=sha256 ;;
    esac
    name=notes-v$version-$target
    read -r sum _ < <(sha256sum "$archives/$name.tar.gz")
    grep --fixed-strings --after-context 1 "\"$release/$name.tar.gz\"" "$packages/manifests/$manifest" > "$scratch/lines" ||
        fail "$manifest does not have $name"
    grep --quiet --fixed-strings "$key \"$sum\"" "$scratch/lines" || fail "$manifest has another digest of $name"
done
mkdir "$scratch/crate"
cp -R Cargo.toml packages "$scratch/crate/"
# Twice, as by somebody who tries again.
"$scratch/crate/packages/crate.sh"
"$scratch/crate/packages/crate.sh"
# in_crate KEY [TARGET]: a line of its Cargo.toml, as cargo-binstall fills it in.
in_crate() {
    sed -n "s/^$1 = \"\(.*\)\"$/\1/p" "$scratch/crate/Cargo.toml" | sed -e "s/{ version }/$version/g" \
        -e "s/{ target }/${2-}/g" -e "s|{ repo }|https://github.com/$REPOSITORY|" -e 's/{ bin }/notes/' -e 's/{ binary-ext }//'
}
[ "$(in_crate repository)" = "https://github.com/$REPOSITORY" ] || fail 'the crate has no repository'
[ "$(in_crate pkg-url "$here")" = "$release/notes-v$version-$here.tar.gz" ] || fail "$(in_crate pkg-url "$here")"
tar -xzOf "$archives/notes-v$version-$here.tar.gz" "$(in_crate bin-dir "$here")" > "$scratch/program"
needed=$(objdump -T "$scratch/program" | grep -o 'GLIBC_2\.[0-9]*' | sort --version-sort | tail -n 1)
needed=${needed#GLIBC_}

# first_minutes NAME COMMAND...: notes of an empty folder, and their site.
first_minutes() {
    local name=$1 folder=$scratch/sites/$1
    shift
    [ "$("$@" --version)" = "notes $version" ] || fail "$name is not notes $version"
    "$@" init "$folder" 2> /dev/null
    "$@" build "$folder" --quiet
    test -f "$folder/site/index.html" || fail "$name builds no site"
    if [ "$name" != archive ]; then
        diff --recursive "$scratch/sites/archive/site" "$folder/site" || fail "$name builds another site"
    fi
    echo "packages: $name builds the notes of the first minutes"
}
chmod +x "$scratch/program"
first_minutes archive "$scratch/program"

python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet --disable-pip-version-check --no-index --find-links "$packages/python" notes-site
cmp "$scratch/venv/bin/notes" "$scratch/program" || fail 'pip takes the wheel of another machine'
test -f "$packages/python/notes_site-$version-py3-none-manylinux_${needed/./_}_${here%%-*}.whl" ||
    fail "no wheel says that it needs version $needed of the C library"
first_minutes pip "$scratch/venv/bin/notes"

# Starts a registry of the packages in a folder, in place of the last one: serve_npm FOLDER
serve_npm() {
    if [ -n "$registry" ]; then kill "$registry"; fi
    rm -f "$scratch/port"
    node tests/registry.mjs "$1" > "$scratch/port" &
    registry=$!
    until [ -s "$scratch/port" ]; do sleep 0.1; done
    npm_config_registry=http://127.0.0.1:$(cat "$scratch/port")
    export npm_config_registry npm_config_cache=$scratch/npm-cache npm_config_loglevel=silent
}
mkdir "$scratch/empty"
serve_npm "$scratch/empty"
npm install --global --prefix "$scratch/npm-files" \
    "$packages/npm/notes-site-linux-$(node -p process.arch)-$version.tgz" "$packages/npm/notes-site-$version.tgz" > /dev/null
first_minutes 'npm, with files,' "$scratch/npm-files/bin/notes"
serve_npm "$packages/npm"
(cd "$scratch/empty" && npm exec --yes -- notes-site --version) > "$scratch/said"
[ "$(cat "$scratch/said")" = "notes $version" ] || fail "npx says $(cat "$scratch/said")"
npm install --global --prefix "$scratch/npm" notes-site > /dev/null
find "$scratch/npm" -path '*/bin/notes' -type f > "$scratch/programs"
[ "$(wc -l < "$scratch/programs")" = 1 ] || fail "npm installs programs of other machines: $(cat "$scratch/programs")"
cmp "$(cat "$scratch/programs")" "$scratch/program" || fail 'npm takes the package of another machine'
first_minutes npm "$scratch/npm/bin/notes"
# Its exit code is the program's, the program ends with it, and it says if the program is not there.
status=0
"$scratch/npm/bin/notes" build --no-such-option > /dev/null 2>&1 || status=$?
[ $status = 2 ] || fail "the command of npm ends with $status"
# Asks this process alone to end, without a terminal: ends_with SIGNAL
ends_with() {
    local serving status=0 address
    "$scratch/npm/bin/notes" serve "$scratch/sites/npm" > "$scratch/said" 2>&1 < /dev/null &
    serving=$!
    until grep --quiet http:// "$scratch/said"; do
        kill -0 "$serving" || fail "$(cat "$scratch/said")"
        sleep 0.1
    done
    address=$(grep --only-matching --max-count 1 'http://[0-9.:]*' "$scratch/said")
    curl --silent --fail --output /dev/null "$address" || fail "no preview at $address"
    kill -s "$1" "$serving"
    wait "$serving" || status=$?
    if curl --silent --output /dev/null "$address"; then fail 'the preview goes on after the command of npm'; fi
    [ $status = 0 ] || fail "the preview of npm ends with $status after $1"
}
ends_with TERM
ends_with INT
rm "$(cat "$scratch/programs")"
if "$scratch/npm/bin/notes" --version > "$scratch/said" 2>&1; then fail 'npm runs a program that is not there'; fi
grep --quiet 'is not installed' "$scratch/said" || fail "$(cat "$scratch/said")"

# The programs are published before what finds them, and nothing twice; an older version does not become what is
# installed by the name alone.
mkdir "$scratch/bin"
cat > "$scratch/bin/npm" <<'STUB'
#!/usr/bin/env bash
case "$1 $2" in
    view\ notes-site-darwin-*) echo "${2##*@}" ;;
    view\ *) echo 'npm error code E404' >&2; exit 1 ;;
    # Without a folder's beginning, it is a repository on GitHub.
    publish\ /* | publish\ ./*) echo "${2##*/} ${*:3}" ;;
    publish\ *) echo "npm error $2 is no file" >&2; exit 1 ;;
esac
STUB
chmod +x "$scratch/bin/npm"
project=$PWD
published() {
    (cd "$packages" && PATH=$scratch/bin:$PATH GITHUB_ACTIONS=$1 "$project/packages/npm/publish.sh" npm "$2") |
        grep '^notes-site.*tgz '
}
published true true > "$scratch/said"
[ "$(wc -l < "$scratch/said")" = 6 ] || fail "publishes: $(cat "$scratch/said")"
for line in "1 notes-site-linux-arm64-$version.tgz" "6 notes-site-$version.tgz"; do
    [ "$(sed -n "${line%% *}p" "$scratch/said")" = "${line#* } --access public --provenance --tag latest" ] ||
        fail "publishes: $(cat "$scratch/said")"
done
published false false > "$scratch/said"
[ "$(tail -n 1 "$scratch/said")" = "notes-site-$version.tgz --access public --tag latest-${version%%.*}" ] ||
    fail "publishes: $(cat "$scratch/said")"

# Of a release that is out, the packages are its files.
mkdir "$scratch/out"
cp "$archives"/* "$packages"/{python,npm,debian,manifests}/* "$scratch/out/"
cat > "$scratch/bin/gh" <<'STUB'
#!/usr/bin/env bash
[ "$1 $2 $4 $6" = 'release download --repo --dir' ] || exit 1
into=$7
mkdir -p "$into"
shift 7
while [ $# -gt 0 ]; do
    for file in "$RELEASE"/$2; do cp "$file" "$into"; done
    shift 2
done
STUB
chmod +x "$scratch/bin/gh"
PATH=$scratch/bin:$PATH RELEASE=$scratch/out packages/released.sh "$scratch/taken/archives" "$scratch/taken/packages"
for kind in archives packages; do
    diff --recursive "${!kind}" "$scratch/taken/$kind" || fail "these are not the $kind of the release"
done

# An image is built once for a version; a registry that says nothing of it is not taken for one without it.
cat > "$scratch/bin/docker" <<'STUB'
#!/usr/bin/env bash
case "$1 $2 $3" in
    buildx\ imagetools\ inspect) printf '%s\n' "$SAID"; exit "$STATUS" ;;
    buildx\ build\ --platform)
        echo pushed
        while [ "$1" != --metadata-file ]; do shift; done
        echo '{"containerimage.digest": "sha256:new"}' > "$2" ;;
    run\ *) mkdir -p "${6%:/notes}/site" && touch "${6%:/notes}/site/index.html" ;;
esac
STUB
chmod +x "$scratch/bin/docker"
# image STATUS SAID: the digest of the image, and whether it was pushed.
image() {
    : > "$scratch/output"
    PATH=$scratch/bin:$PATH STATUS=$1 SAID=$2 GITHUB_OUTPUT=$scratch/output \
        packages/container/publish.sh "$packages/container" true 2> /dev/null || echo failed
    sed -n 's/^digest=//p' "$scratch/output"
}
[ "$(image 0 '{"digest": "sha256:old"}')" = sha256:old ] || fail 'builds an image again'
[ "$(image 1 'ERROR: ghcr.io/example/notes:1: not found')" = $'pushed\nsha256:new' ] || fail 'does not build a new image'
[ "$(image 1 'ERROR: i/o timeout')" = failed ] || fail 'takes a silent registry for an empty one'

root=$scratch/root
mkdir -p "$root/var/lib/dpkg/info" "$root/var/lib/dpkg/updates"
# A machine that has what a program in Rust needs, in the versions of this one, and nothing else.
dpkg --status libc6 libgcc-s1 > "$root/var/lib/dpkg/status"
package=$packages/debian/notes-site_${version}_$(dpkg --print-architecture).deb
as_root dpkg --root="$root" --log=/dev/null --install "$package" > "$scratch/said" 2>&1 || fail "$(cat "$scratch/said")"
dpkg-deb --field "$package" Depends > "$scratch/said"
grep --quiet "^libc6 (>= $needed), " "$scratch/said" || fail "it depends on $(cat "$scratch/said"), not on $needed"
grep --quiet --line-regexp "Copyright: $(sed -n 's/^Copyright (c) //p' LICENSE)" "$root/usr/share/doc/notes-site/copyright" ||
    fail 'its copyright is another one'
gzip --test "$root"/usr/share/man/man1/notes*.1.gz "$root/usr/share/doc/notes-site/CHANGELOG.md.gz"
"$scratch/program" completions bash | cmp - "$root/usr/share/bash-completion/completions/notes"
first_minutes dpkg "$root/usr/bin/notes"
