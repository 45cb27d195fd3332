#!/bin/sh
# The compiler of build.sh, from Debian's packages rustc-web and rust-web-src: unpacks it in the folder DIR and prints its path. Nothing is installed.
#     RUSTC="$(./compiler.sh DIR)" ./build.sh
# What is in DIR holds absolute links: it cannot be moved.
set -eu
mkdir -p "$1"
dir="$(cd "$1" && pwd)"
if [ ! -e "$dir/.complete" ]; then
    rm -rf "$dir/packages"
    mkdir -p "$dir/packages"
    cd "$dir/packages"
    dependency() { apt-cache depends "$1" | awk -v name="$2" '$1 == "Depends:" && $2 ~ name { print $2; exit }'; }
    libraries="$(dependency libstd-rust-web-dev '^libstd-rust-web-[0-9]')"
    apt-get download -q rustc-web libstd-rust-web-dev rust-web-src "$libraries" "$(dependency "$libraries" '^libllvm[0-9]')" >&2
    for package in *.deb; do
        dpkg-deb --extract "$package" "$dir"
    done
    library="$(echo "$dir"/usr/lib/*-linux-gnu)"
    printf '#!/bin/sh\nLD_LIBRARY_PATH=%s exec %s "$@"\n' "$library" "$dir/usr/bin/rustc" >"$dir/rustc"
    chmod +x "$dir/rustc"
    # Where Cargo looks for the source of the core library.
    mkdir -p "$dir/usr/lib/rustlib/src"
    rm -rf "$dir/usr/lib/rustlib/src/rust"
    ln -s "$(echo "$dir"/usr/src/rustc-*)" "$dir/usr/lib/rustlib/src/rust"
    rm -rf "$dir/packages"
    touch "$dir/.complete"
fi
echo "$dir/rustc"
