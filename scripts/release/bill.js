/** The bill of materials (CycloneDX 1.5): tenon, the packages in it, and the Node.js of each platform; pure. */

/** @import { Locked } from "./program-tree.js" */
/** @import { Platform } from "./platforms.js" */

/**
 * @param {object} release
 * @param {string} release.name
 * @param {string} release.version
 * @param {number} release.seconds the time of the release, since 1970
 * @param {Record<string, Locked>} release.packages of the lock file; those for development are left out
 * @param {readonly string[]} release.names the packages that are in the release, bundled or whole
 * @param {readonly Platform[]} release.platforms
 */
export function billOf({ name, version, seconds, packages, names, platforms }) {
  const own = { type: "application", "bom-ref": purl(name, version), name, version };
  const libraries = names.map((each) => libraryOf(each, packages[`node_modules/${each}`] ?? {}));
  const nodes = platforms.map(nodeOf);
  const bill = {
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: {
      timestamp: new Date(seconds * 1000).toISOString(),
      component: { ...own, purl: own["bom-ref"], licenses: [{ license: { id: "Apache-2.0" } }] },
    },
    components: [...libraries, ...nodes],
    dependencies: [
      { ref: own["bom-ref"], dependsOn: [...libraries, ...nodes].map((each) => each["bom-ref"]) },
    ],
  };
  return `${JSON.stringify(bill, null, 2)}\n`;
}

/** @param {string} name @param {Locked} locked */
function libraryOf(name, { version = "", license = "NOASSERTION", integrity = "" }) {
  const [algorithm, digest = ""] = integrity.split("-", 2);
  if (algorithm !== "sha512") throw new Error(`package-lock.json has no sha512 digest of ${name}`);
  const ref = purl(name, version);
  return {
    type: "library",
    "bom-ref": ref,
    name,
    version,
    purl: ref,
    licenses: [{ license: { id: license } }],
    hashes: [{ alg: "SHA-512", content: Buffer.from(digest, "base64").toString("hex") }],
  };
}

/** @param {Platform} platform */
function nodeOf({ name, node }) {
  const ref = `pkg:${node.from}/${node.package}@${node.version}#${name}`;
  return {
    type: "platform",
    "bom-ref": ref,
    name: `Node.js for ${name}`,
    version: node.version,
    purl: `pkg:${node.from}/${node.package}@${node.version}`,
    licenses: [{ license: { id: "MIT" } }],
    hashes: [{ alg: "SHA-256", content: node.sha256 }],
  };
}

/** @param {string} name @param {string} version */
function purl(name, version) {
  return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}
