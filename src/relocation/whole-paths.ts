/** Where a file names a path of the caller's as a whole, and not as a part of another path. */

/** What a name goes on with: `/opt/a` is not in `/opt/ab`, but it is in `/opt/a.` at the end of a sentence. */
const goesOn = /^[.+-]*[A-Za-z0-9_@~]/;
/** What stands before a path that begins elsewhere: `/mnt/opt/a`, `../opt/a`; not `-L/opt/a` or `file:///opt/a`. */
const beginsBefore = /(?:\/[^/]+|\.)$/;
const pathCharacters = /[A-Za-z0-9_.+\-/~@]*$/;
const mostBefore = 64;
const mostBehind = 8;

/** Offsets, in order. `path` is absolute and does not end with a slash. */
export function findWholePaths(content: Uint8Array, path: Uint8Array): number[] {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const offsets: number[] = [];
  for (let at = bytes.indexOf(path); at >= 0; at = bytes.indexOf(path, at + path.length))
    if (isWhole(bytes, at, path.length)) offsets.push(at);
  return offsets;
}

function isWhole(bytes: Buffer, at: number, length: number): boolean {
  const end = at + length;
  const behind = bytes.toString("latin1", end, end + mostBehind);
  if (goesOn.test(behind) || isUtf8Letter(bytes, end)) return false;
  const before = bytes.toString("latin1", Math.max(0, at - mostBefore), at);
  return !beginsBefore.test(pathCharacters.exec(before)?.[0] ?? "");
}

/** The first byte of a character that is not ASCII, and the second. */
function isUtf8Letter(bytes: Buffer, at: number): boolean {
  const [first = 0, second = 0] = bytes.subarray(at, at + 2);
  return first >= 0xc3 && first <= 0xf4 && second >= 0x80 && second < 0xc0;
}
