#!/usr/bin/env bash
# Puts the program and what belongs to it into FOLDER/notes-vVERSION-TARGET.tar.gz, with its sum beside it.
#
#   package.sh TARGET PROGRAM FOLDER
set -euo pipefail
target=$1 program=$2 folder=$3

version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
name=notes-v$version-$target
scratch=$(mktemp -d)
mkdir -p "$scratch/$name/completions" "$scratch/$name/man" "$folder"
cp "$program" README.md LICENSE CHANGELOG.md "$scratch/$name/"
for shell in bash zsh fish powershell elvish; do
    "$program" completions "$shell" > "$scratch/$name/completions/notes.$shell"
done
"$program" manual > "$scratch/$name/man/notes.1"
# Each page that this one refers to; a hyphen is `\-` there.
sed -n 's/^notes\\-\([a-z-]*\)(1)$/\1/p' "$scratch/$name/man/notes.1" | while read -r command; do
    "$program" manual "$command" > "$scratch/$name/man/notes-$command.1"
done
tar -czf "$folder/$name.tar.gz" -C "$scratch" "$name"
rm -rf "$scratch"
cd "$folder"
if command -v sha256sum > /dev/null; then
    sha256sum "$name.tar.gz" > "$name.tar.gz.sha256"
else
    shasum -a 256 "$name.tar.gz" > "$name.tar.gz.sha256"
fi
