#!/bin/sh
# Fetches the libraries of the console's page from npm into src/main/resources/console/lib, after it
# has compared them with the checksums below. Only this script needs npm. To update a library,
# change its version and its checksums here and in LIBRARIES.md; the script prints those that differ.
set -eu

lib=$(cd "$(dirname "$0")" && pwd)/src/main/resources/console/lib
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The page has no import map, because its Content-Security-Policy allows no inline script. So the
# libraries import each other by path.
relative='s|from"preact"|from"./preact.mjs"|g; s|from"htm"|from"./htm.mjs"|g'

# package, version, file in the package, name in lib, SHA-256 as published, SHA-256 with paths
take() {
  folder=$work/$1
  if [ ! -d "$folder" ]; then
    mkdir "$folder"
    (cd "$folder" && npm pack --silent "$1@$2" > name && tar -xzf "$(cat name)")
    cp "$folder/package/LICENSE" "$work/LICENSE-$1"
  fi
  verify "$folder/package/$3" "$5"
  sed "$relative" "$folder/package/$3" > "$work/$4"
  verify "$work/$4" "$6"
  cp "$work/$4" "$lib/$4"
  sed 's/[[:space:]]*$//' "$work/LICENSE-$1" > "$lib/LICENSE-$1.txt"
}

verify() {
  actual=$(sha256sum "$1" | cut -d ' ' -f 1)
  if [ "$actual" != "$2" ]; then
    echo "$1: $actual (expected: $2)" >&2
    exit 1
  fi
}

take preact 11.2.0 dist/preact.mjs preact.mjs \
  bdcbd9abdf2c77c5c45326eab42191e949222d479d0d5f69467387a77040cb55 \
  bdcbd9abdf2c77c5c45326eab42191e949222d479d0d5f69467387a77040cb55
take preact 11.2.0 hooks/dist/hooks.mjs hooks.mjs \
  e862ab2973aa6455eaa0f77c5d832d2157d6be59a17c8ba546550a575b58c6b4 \
  427a330c992595bfd3f6cfe43eb6ba7a238ea1a7fa99c0e4a8f380a30dde473b
take htm 3.1.1 dist/htm.mjs htm.mjs \
  ab33dd3f38059b9be4d5f5350128eefb2356639c4e0bbe9d9e8b3ba75847e9e4 \
  ab33dd3f38059b9be4d5f5350128eefb2356639c4e0bbe9d9e8b3ba75847e9e4
take uplot 1.6.32 dist/uPlot.iife.min.js uPlot.iife.min.js \
  19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f \
  19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f
take uplot 1.6.32 dist/uPlot.min.css uPlot.min.css \
  df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04 \
  df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04
