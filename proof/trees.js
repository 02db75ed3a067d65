/** Trees of files, written and read as maps. */
import { createHash } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { readlinkSync, writeFileSync } from "node:fs";
import * as path from "node:path";

export function writeFiles(root, files) {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(`${root}/${name}`), { recursive: true });
    const mode = name.startsWith("bin/") ? 0o755 : 0o644;
    writeFileSync(`${root}/${name}`, content, { mode });
  }
}

/**
 * Path → kind, permissions and content. `skip` says which paths are left out, with all below.
 *
 * @param {string} root
 * @param {(path: string) => boolean} [skip]
 * @returns {Map<string, string>}
 */
export function readTree(root, skip = () => false, at = "", tree = new Map()) {
  if (at === "" && !existsSync(root)) return tree;
  for (const name of readdirSync(`${root}/${at}`).sort()) {
    const place = at === "" ? name : `${at}/${name}`;
    if (skip(place)) continue;
    const stat = lstatSync(`${root}/${place}`);
    tree.set(place, describe(`${root}/${place}`, stat));
    if (stat.isDirectory()) readTree(root, skip, place, tree);
  }
  return tree;
}

function describe(file, stat) {
  const mode = (stat.mode & 0o7777).toString(8);
  if (stat.isDirectory()) return `directory ${mode}`;
  if (stat.isSymbolicLink()) return `link to ${readlinkSync(file)}`;
  const digest = createHash("sha256").update(readFileSync(file)).digest("hex").slice(0, 16);
  return `file ${mode} ${digest}`;
}

/** Lines that say where two trees differ. */
export function differences(expected, found) {
  const lines = [];
  for (const [place, what] of expected) {
    if (!found.has(place)) lines.push(`- ${place}: missing`);
    else if (found.get(place) !== what) lines.push(`! ${place}: ${found.get(place)}, not ${what}`);
  }
  for (const place of found.keys()) if (!expected.has(place)) lines.push(`+ ${place}`);
  return lines;
}
