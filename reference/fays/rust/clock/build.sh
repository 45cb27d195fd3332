#!/bin/sh
# Builds clock.wasm with rustc, wasm-ld (Debian: lld) and the source of Rust's core library (`rustup component add rust-src`), which is compiled along:
# so the bytes follow from the compiler, the linker and the flags alone, and no target has to be installed. The committed file was built with
# rustc 1.96.0 (ac68faa20), LLVM 22.1.8 (see compiler.sh), and wasm-ld 14.0.6; another version may give other bytes. For other Fays this is enough:
#     rustup target add wasm32-unknown-unknown && cargo build --release --target wasm32-unknown-unknown
# With an argument, builds that file instead and leaves the committed ones alone.
set -eu
cd "$(dirname "$0")"
to="${1:-clock.wasm}"
target="$(mktemp -d)"
trap 'rm -rf "$target"' EXIT
RUSTC_BOOTSTRAP=1 RUSTFLAGS="-Clinker=wasm-ld -Clinker-flavor=wasm-ld -Clink-arg=-zstack-size=16384" CARGO_TARGET_DIR="$target" \
    cargo build --quiet --locked --package fayger-fay-clock --profile fay --target wasm32-unknown-unknown -Zbuild-std=core
cp "$target/wasm32-unknown-unknown/fay/clock.wasm" "$to"
chmod 644 "$to"
[ $# -gt 0 ] || sha256sum clock.wasm > SHA256SUMS
