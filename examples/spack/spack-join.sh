#!/bin/sh
# Joins (installs) all packages of the active Spack environment into one prefix by tenon: a view that is made of whole
# transactions, in which two packages with different files for one path are a conflict that names both, and which
# can be rolled back. Each file keeps its paths into Spack's own folders.
#
#   spack env activate NAME && sh spack-join.sh PREFIX
set -eu
[ $# = 1 ] || { echo "usage: sh spack-join.sh PREFIX" >&2; exit 2; }
prefix=$1
stages=$(mktemp -d)
trap 'rm -rf "$stages"' EXIT
spack find --format '{name} {version} {prefix}' | while read -r name version from; do
  # A stage is handed over to tenon, and Spack's notes in .spack have the same names in every package.
  cp -a --reflink=auto "$from" "$stages/$name"
  rm -rf "$stages/$name/.spack"
  tenon install --name "$name" --version "$version" --stage "$stages/$name" --prefix "$prefix" || exit
done
