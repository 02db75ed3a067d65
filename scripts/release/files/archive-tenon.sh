#!/bin/sh
# Starts tenon with the Node.js that came with it.
self=$(readlink -f -- "$0") || exit
root=${self%/bin/*}
exec "$root/node/bin/node" "$root/dist/tenon.js" "$@"
