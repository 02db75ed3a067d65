/** The Node.js of each platform, downloaded once, checked against its pin, and what a release takes of it. */
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { run } from "./run.js";

/** @import { Platform } from "./platforms.js" */
/** @import { Entry } from "./tar.js" */

/**
 * `node/bin/node`, its licence, and the C++ libraries that come with it, where it finds them.
 *
 * @param {Platform} platform
 * @param {string} downloads a folder that is kept from one release to the next
 * @returns {Entry[]}
 */
export function nodeFiles(platform, downloads) {
  const archive = downloaded(platform, downloads);
  const { folder } = platform.node;
  const names = list(archive).filter(
    (name) =>
      [`${folder}/bin/node`, `${folder}/LICENSE`].includes(name) || /\.libs\/[^/]+$/.test(name),
  );
  const files = names.map((name) => ({
    path: name.startsWith(`${folder}/`) ? `node${name.slice(folder.length)}` : name,
    data: read(archive, name),
    isProgram: !name.endsWith("LICENSE"),
  }));
  return [...files, ...files.flatMap(plainName)];
}

/**
 * koffi's native part asks for `libstdc++.so.6`, which a machine with musl need not have. The one that came with Node.js
 * has a digest in its name (`libstdc++-5d72f927.so.6.0.33`), so it gets that name as well.
 *
 * @param {Entry} file
 * @returns {Entry[]}
 */
export function plainName({ path }) {
  const [, folder = "", library, version] =
    /^(.*\/)(lib[^/]+)-[0-9a-f]{8}(\.so\.\d+)[.\d]*$/.exec(path) ?? [];
  if (library === undefined) return [];
  const target = path.slice(folder.length);
  return [{ path: `${folder}${library}${version}`, data: Buffer.alloc(0), link: target }];
}

/** @param {Platform} platform @param {string} downloads */
function downloaded(platform, downloads) {
  const { sha256 } = platform.node;
  const kept = `${downloads}/${sha256}`;
  if (!existsSync(kept)) {
    mkdirSync(downloads, { recursive: true });
    const folder = mkdtempSync(`${downloads}/new-`);
    download(platform, folder);
    const [file = ""] = readdirSync(folder);
    renameSync(`${folder}/${file}`, kept);
    rmSync(folder, { recursive: true });
  }
  const found = createHash("sha256").update(readFileSync(kept)).digest("hex");
  if (found === sha256) return kept;
  rmSync(kept);
  const { name, node } = platform;
  throw new Error(
    `${node.package} ${node.version} for ${name} has the digest ${found}; platforms.js has ${sha256}`,
  );
}

/** @param {Platform} platform @param {string} folder */
function download({ node, wheelTag }, folder) {
  const asked = `${node.package}${node.from === "npm" ? "@" : "=="}${node.version}`;
  if (node.from === "npm") return run("npm", ["pack", "--pack-destination", folder, asked]);
  const only = ["--no-deps", "--only-binary=:all:", "--platform", wheelTag];
  return run("python3", ["-m", "pip", "download", "-q", "-d", folder, ...only, asked]);
}

/** A wheel is a zip archive, and a package from npm a tar archive. */
function isZip(/** @type {string} */ archive) {
  return readFileSync(archive).subarray(0, 2).toString() === "PK";
}

/** @param {string} archive @returns {string[]} */
function list(archive) {
  const script = "import sys, zipfile; print('\\n'.join(zipfile.ZipFile(sys.argv[1]).namelist()))";
  const told = isZip(archive)
    ? run("python3", ["-c", script, archive])
    : run("tar", ["-tzf", archive]);
  return told.toString().trim().split("\n");
}

/** @param {string} archive @param {string} name */
function read(archive, name) {
  const script =
    "import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))";
  return isZip(archive)
    ? run("python3", ["-c", script, archive, name])
    : run("tar", ["-xzOf", archive, name]);
}
