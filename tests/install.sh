# shellcheck shell=bash
# Installation of tools that are missing on a Debian machine; read by start.sh and tests/all.sh.

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo > /dev/null; then
        sudo "$@"
    else
        printf 'not the superuser, and there is no sudo; please run: %s\n' "$*" >&2
        return 1
    fi
}

# Installs Debian packages unless the command is there: need COMMAND PACKAGE...
need() {
    local command=$1
    shift
    if command -v "$command" > /dev/null; then return; fi
    if ! command -v apt-get > /dev/null; then
        printf '%s is missing, and there is no apt-get to install it with\n' "$command" >&2
        return 1
    fi
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends "$@"
}

# A C compiler and Rust.
compiler() {
    # Oniguruma, which matches the regular expressions of highlighting, and blake3 are partly in C.
    need cc gcc libc6-dev
    # rustup and cargo download over https.
    if [ ! -e /etc/ssl/certs/ca-certificates.crt ]; then need update-ca-certificates ca-certificates; fi
    if ! command -v cargo > /dev/null && [ -x "$HOME/.cargo/bin/cargo" ]; then
        export PATH=$HOME/.cargo/bin:$PATH
    fi
    if ! command -v cargo > /dev/null; then
        # The compiler of Debian itself is too old. Debian has rustup since version 13.
        if apt-cache show rustup > /dev/null 2>&1; then
            need rustup rustup
            rustup default stable
        else
            printf 'Rust 1.95 or newer is missing, and this Debian has no package for it; see https://rustup.rs\n' >&2
            return 1
        fi
    fi
    cargo --version
}

# Firefox's driver, which Debian has no package of; the registry of Rust has its sources. Kept beside what is built, so
# that it is compiled once.
firefox_driver() {
    if command -v geckodriver > /dev/null; then return; fi
    local kept=${CARGO_TARGET_DIR:-target}/tools
    if [ ! -x "$kept/bin/geckodriver" ]; then
        cargo install geckodriver --version 0.37.1 --debug --locked --root "$kept" --target-dir "$kept/build"
        rm -rf "$kept/build"
    fi
    export PATH=$kept/bin:$PATH
}

rustfmt_and_clippy() {
    cargo fmt --version > /dev/null 2>&1 || rustup component add rustfmt
    cargo clippy --version > /dev/null 2>&1 || rustup component add clippy
}

# A package of Python and what it needs, of one version, beside what is built: python_package NAME VERSION. Its folder of
# programs is in python_bin then. False where there is no Python.
python_package() {
    if ! command -v python3 > /dev/null; then return 1; fi
    local kept
    kept=$(realpath -m "${CARGO_TARGET_DIR:-target}")/$1-$2
    # shellcheck disable=SC2034
    python_bin=$kept/bin
    if [ ! -e "$kept/whole" ]; then
        python3 -m venv "$kept"
        "$kept/bin/python" -m pip install --quiet --disable-pip-version-check "$1==$2"
        touch "$kept/whole"
    fi
}
