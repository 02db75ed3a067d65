/**
 * A tar archive (ustar) of files and links, the same bytes for the same entries: no owner, one time for all.
 *
 * @typedef {object} Entry
 * @property {string} path relative, with `/`
 * @property {Buffer} data
 * @property {boolean} [isProgram] whether it may be run
 * @property {string} [link] the target of a symbolic link, which has no data
 */

const block = 512;

/**
 * Entries must not be empty of a path, and no path may need more than ustar can hold: 100 bytes after its last
 * possible `/`, 155 before; otherwise it throws.
 *
 * @param {readonly Entry[]} entries
 * @param {number} seconds the time of all entries, since 1970
 */
export function tarOf(entries, seconds) {
  const parts = entries.flatMap((entry) => [
    headerOf(entry, seconds),
    entry.data,
    Buffer.alloc(-entry.data.length & (block - 1)),
  ]);
  return Buffer.concat([...parts, Buffer.alloc(2 * block)]);
}

/** @param {Entry} entry @param {number} seconds */
function headerOf({ path, data, isProgram, link }, seconds) {
  const { prefix, name } = splitPath(path);
  const header = Buffer.alloc(block);
  header.write(name, 0);
  header.write(octal(isProgram ? 0o755 : 0o644, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(data.length, 12), 124);
  header.write(octal(seconds, 12), 136);
  header.write(" ".repeat(8), 148);
  header.write(link === undefined ? "0" : "2", 156);
  header.write(link ?? "", 157);
  header.write("ustar\x0000", 257);
  header.write(prefix, 345);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

/** @param {string} path */
function splitPath(path) {
  if (Buffer.byteLength(path) <= 100) return { prefix: "", name: path };
  for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)];
    if (Buffer.byteLength(name) <= 100 && Buffer.byteLength(prefix) <= 155) return { prefix, name };
  }
  throw new Error(`${path} is too long for a tar archive`);
}

/** @param {number} value @param {number} width */
function octal(value, width) {
  return `${value.toString(8).padStart(width - 1, "0")}\0`;
}
