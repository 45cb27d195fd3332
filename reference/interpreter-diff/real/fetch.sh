#!/usr/bin/env bash
# Brings the packages that the scripts here name from the npm registry into a cache. Nothing of them is committed; the npm client checks their digests.
set -euo pipefail
cache="$(realpath -m "${1:?usage: fetch.sh CACHE}")"
mkdir -p "$cache"
sed -n 's/^package //p' "$(dirname "$0")"/*.calls | sort -u | while read -r package; do
    folder="$cache/${package//[\/@]/_}"
    [[ -d "$folder" ]] && continue
    work="$(mktemp -d)"
    (cd "$work" && npm pack --silent "$package" >/dev/null </dev/null && tar xzf ./*.tgz)
    mkdir -p "$folder"
    mv "$work/package" "$folder/package"
    rm -r "$work"
    echo "$package"
done
