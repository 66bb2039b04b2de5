#!/usr/bin/env bash
# Makes all packages of a release out of its archives, each kind in a folder of its own. REPOSITORY is `owner/name`.
#
#   build.sh ARCHIVES FOLDER
set -euo pipefail
here=$(dirname "$0")
archives=$(realpath "$1") folder=$(realpath -m "$2")

# What is packed is what was built: the sums came with the archives.
for archive in "$archives"/*.tar.gz; do
    (cd "$archives" && sha256sum --check --quiet "${archive##*/}.sha256")
done

"$here/python/build.sh" "$archives" "$folder/python"
node "$here/npm/build.mjs" "$archives" "$folder/npm"
"$here/debian/build.sh" "$archives" "$folder/debian"
"$here/manifests.sh" "$archives" "$folder/manifests"
"$here/container/context.sh" "$archives" "$folder/container"
