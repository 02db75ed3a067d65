#!/bin/sh
# Stages what `meson install` installs, and joins (installs) it by one transaction of tenon.
# Arguments: the program tenon, the package's name and version, the prefix. Meson names the build folder.
set -eu
stage=$MESON_BUILD_ROOT/tenon-stage
rm -rf "$stage"
DESTDIR=$stage meson install -C "$MESON_BUILD_ROOT" --no-rebuild --quiet
exec "$1" install --name "$2" --version "$3" --stage "$stage$4" --prefix "$4"
