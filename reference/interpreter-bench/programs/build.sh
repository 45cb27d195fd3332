#!/usr/bin/env bash
# Compiles the C programs anew and says their SHA-256. Built with clang 14.0.6 and its wasm-ld; another version gives other bytes.
set -euo pipefail
cd "$(dirname "$0")"
for name in sha256 heapsort; do
    # The oldest instruction set of the field, so that every engine beside ours takes it.
    clang --target=wasm32 -mcpu=mvp -O2 -nostdlib -ffreestanding -fno-builtin -Wall -Wextra -Werror \
        -Wl,--no-entry -Wl,--strip-all -o "$name.wasm" "$name.c"
done
sha256sum ./*.wasm | tee SHA256SUMS
