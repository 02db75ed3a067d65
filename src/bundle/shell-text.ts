/** Text of a shell script, in which bytes are any but NUL: as a string of one character a byte ("latin1"). */

/** Bytes, quoted so that a POSIX shell takes them as they are. */
export function quoted(bytes: Uint8Array | string): string {
  const text = Buffer.from(bytes).toString("latin1");
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A sum for `$((…))` without what is nothing. */
export function sum(
  terms: readonly (readonly [count: number, name: string])[],
  least: number,
): string {
  const shown = terms.flatMap(([count, name]) =>
    count === 0 ? [] : [count === 1 ? name : `${count}*${name}`],
  );
  return `$((${[String(least), ...shown].join("+")}))`;
}
