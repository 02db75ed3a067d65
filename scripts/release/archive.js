/** The archive of a platform, which has Node.js in it, and the file that installs the same by itself; pure. */
import { createHash } from "node:crypto";

/** @import { Entry } from "./tar.js" */

/**
 * The entries of an archive, all below one folder.
 *
 * @param {string} folder
 * @param {{ tree: readonly Entry[], node: readonly Entry[], launcher: Buffer }} parts
 * @returns {Entry[]}
 */
export function archiveEntries(folder, { tree, node, launcher }) {
  return [{ path: "bin/tenon", data: launcher, isProgram: true }, ...node, ...tree].map(
    (entry) => ({ ...entry, path: `${folder}/${entry.path}` }),
  );
}

/**
 * A shell script with the archive behind its last line.
 *
 * @param {string} script with `@version@`, `@platform@`, `@first-line@` and `@digest@`
 * @param {{ version: string, platform: string, archive: Buffer }} release
 */
export function selfExtracting(script, { version, platform, archive }) {
  const values = {
    version,
    platform,
    "first-line": String(script.split("\n").length),
    digest: createHash("sha256").update(archive).digest("hex"),
  };
  const filled = Object.entries(values).reduce(
    (text, [name, value]) => text.replaceAll(`@${name}@`, value),
    script,
  );
  return Buffer.concat([Buffer.from(filled), archive]);
}
