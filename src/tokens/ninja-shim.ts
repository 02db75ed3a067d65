/** Shell programs that stand before ninja on PATH, and before make where ninja runs it. */
import { tokenDescriptors } from "../world/index.ts";

const { take, giveBack } = tokenDescriptors;
const auth = `${take},${giveBack}`;

/** Sets `real` to the next program of its own name on PATH. */
const findReal = `own=\${0%/*} name=\${0##*/} real=
IFS=:
for folder in $PATH; do
  if [ "$folder" != "$own" ] && [ -f "$folder/$name" ] && [ -x "$folder/$name" ]; then
    real=$folder/$name
    break
  fi
done
unset IFS
[ -n "$real" ] || { echo "$name: not found" >&2; exit 127; }
`;

/**
 * A ninja of 1.13 or later is a client of the FIFO, and runs any make with the descriptors again;
 * older ones that name a jobserver in their version are clients of the descriptors, if nobody has
 * closed them. Any other runs as many jobs as there are tokens when it starts, and keeps them to its end. It stops
 * for a moment after each handful, since that may be all that was laid there at once.
 */
export const ninjaShim = `#!/bin/sh
# ninja, as a client of the jobserver that its build was given.
${findReal}
[ -p "$TENON_TOKENS" ] || exec "$real" "$@"
for argument; do
  case $argument in
    -j* | -t* | -n | -h | --help | --version) exec "$real" "$@" ;;
    cmTC_*) exec "$real" -j1 "$@" ;; # one file, as cmake tries a compiler
  esac
done
version=$("$real" --version) || version=
case $version in
  1.[0-9].*jobserver* | 1.1[0-2].*jobserver*) [ ! -p /proc/self/fd/${take} ] || exec "$real" "$@" ;;
  1.[0-9] | 1.[0-9].* | 1.1[0-2] | 1.1[0-2].* | "") ;;
  *)
    export PATH="$own/under-ninja:$PATH"
    export MAKEFLAGS="-j$TENON_JOBS --jobserver-auth=fifo:$TENON_TOKENS"
    exec "$real" "$@"
    ;;
esac

held=0
while [ "$held" -lt "$((TENON_JOBS - 1))" ]; do
  more=$(dd if="$TENON_TOKENS" iflag=nonblock bs=1 count="$((TENON_JOBS - 1 - held))" 2>/dev/null | wc -c)
  [ "$more" -gt 0 ] || break
  held=$((held + more))
  sleep 0.05
done
"$real" -j"$((held + 1))" "$@"
code=$?
while [ "$held" -gt 0 ]; do
  printf + >"$TENON_TOKENS.back"
  held=$((held - 1))
done
exit "$code"
`;

/** What ninja was told in MAKEFLAGS is turned back for a make that it runs. */
export const makeShim = `#!/bin/sh
# make, as a command of a ninja that was given the FIFO.
${findReal}
case $MAKEFLAGS in
  *--jobserver-auth=fifo:"$TENON_TOKENS"*)
    export MAKEFLAGS="\${MAKEFLAGS%%--jobserver-auth=fifo:*}--jobserver-auth=${auth}\${MAKEFLAGS#*--jobserver-auth=fifo:"$TENON_TOKENS"}"
    ;;
esac
exec "$real" "$@"
`;
