/** What the recipes of `proof/relocation.js` are written with. */

/** @typedef {{ needs?: string[], build: string, use: string[] }} Recipe */

export function autotools(...args) {
  return `system = "autotools"\nargs = ${JSON.stringify(args)}\nenv = { MAKEINFO = "true" }`;
}

export function script(text) {
  return `system = "script"\nscript = '''\n${text}\n'''`;
}

/** A program on a library, which runs. */
export function compiles(header, isWrong, libraries) {
  return (
    `printf '#include <stdio.h>\\n#include <${header}>\\nint main(void) { return ${isWrong}; }\\n' >$T/x.c; ` +
    `cc -I$P/include -o $T/x $T/x.c -L$P/lib -Wl,-rpath,$P/lib ${libraries}; $T/x`
  );
}
