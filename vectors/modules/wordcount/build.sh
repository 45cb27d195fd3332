#!/bin/sh
# Builds wordcount.wasm with clang and wasm-ld 14 or later (Debian: clang, lld). The committed file was built with 14.0.6.
set -eu
cd "$(dirname "$0")"
clang --target=wasm32 -mcpu=mvp -O2 -nostdlib -ffreestanding -fno-builtin -Wall -Wextra -Werror \
    -Wl,--no-entry -Wl,--strip-all -Wl,-z,stack-size=16384 -o wordcount.wasm wordcount.c
chmod 644 wordcount.wasm
sha256sum wordcount.wasm > SHA256SUMS
