#!/usr/bin/env bash
# Brings large real modules for `report --load` from the npm registry into a cache, and says where they are. Nothing of them is committed.
set -euo pipefail
cache="${1:-${TMPDIR:-/tmp}/fayger-modules}"
mkdir -p "$cache"

# fetch PACKAGE PATH NAME: a file of a package, by the npm client, which checks the package's digest.
fetch() {
    [[ -s "$cache/$3" ]] && { echo "$cache/$3"; return; }
    local work
    work="$(mktemp -d)"
    (cd "$work" && npm pack --silent "$1" >/dev/null && tar xzf ./*.tgz "package/$2")
    mv "$work/package/$2" "$cache/$3"
    rm -r "$work"
    echo "$cache/$3"
}

fetch esbuild-wasm@0.28.2 esbuild.wasm esbuild.wasm           # Go, 13 MiB
fetch sql.js@1.16.0 dist/sql-wasm.wasm sqlite.wasm            # C, 0.7 MiB
fetch brotli-wasm@3.0.1 pkg.node/brotli_wasm_bg.wasm brotli.wasm # Rust, 1 MiB
