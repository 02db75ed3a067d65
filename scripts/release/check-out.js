/** A clean checkout of the last commit, built, and the packages that it depends on for both processors. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { neededPackages, isNeeded, releaseManifest, trimmedManifest } from "./program-tree.js";
import { external } from "../external.js";
import { run } from "./run.js";

/** @import { Entry } from "./tar.js" */

const npmQuiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];

/**
 * Builds in `folder`, which has to be empty; the network is needed.
 *
 * @param {string} folder
 */
export function checkOut(folder) {
  const source = `${folder}/source`;
  mkdirSync(source);
  const archive = run("git", ["archive", "--format=tar", "HEAD"]);
  run("tar", ["-xf", "-", "-C", source], { input: archive });
  run("npm", ["ci", ...npmQuiet], { cwd: source });
  run("npm", ["run", "build"], { cwd: source });
  const { packages } = JSON.parse(readFileSync(`${source}/package-lock.json`, "utf8"));
  const manifest = readFileSync(`${source}/package.json`, "utf8");
  const { name, version, description, dependencies } = JSON.parse(manifest);
  const installed = neededPackages(packages, external);
  const names = neededPackages(packages, Object.keys(dependencies));
  const modules = ["x64", "arm64"].map((cpu) => installFor(cpu, source, folder));
  return {
    name,
    version,
    description,
    packages,
    names,
    seconds: Number(run("git", ["log", "-1", "--format=%ct", "HEAD"]).toString()),
    readme: readFileSync(`${source}/README.md`, "utf8"),
    tree: [
      ...packedFiles(source),
      { path: "package.json", data: Buffer.from(releaseManifest(manifest, installed, packages)) },
      { path: "THIRD-PARTY-LICENSES", data: Buffer.from(licencesOf(names, modules, packages)) },
      ...installed.flatMap((each) => filesOf(each, modules, installed)),
    ].sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
}

/**
 * A node_modules folder with what a user of this processor gets, as the lock file pins it.
 *
 * @param {string} cpu
 * @param {string} source
 * @param {string} folder
 */
function installFor(cpu, source, folder) {
  const place = `${folder}/${cpu}`;
  mkdirSync(place);
  for (const file of ["package.json", "package-lock.json", ".npmrc"])
    writeFileSync(`${place}/${file}`, readFileSync(`${source}/${file}`));
  run("npm", ["ci", "--omit=dev", "--os=linux", `--cpu=${cpu}`, ...npmQuiet], { cwd: place });
  return `${place}/node_modules`;
}

/**
 * What `npm pack` would take of the checkout, but for the manifest.
 *
 * @param {string} source
 * @returns {Entry[]}
 */
function packedFiles(source) {
  const args = ["pack", "--dry-run", "--json", "--ignore-scripts"];
  const [{ files }] = JSON.parse(run("npm", args, { cwd: source }).toString());
  return files
    .filter((/** @type {{ path: string }} */ { path }) => path !== "package.json")
    .map((/** @type {{ path: string }} */ { path }) => ({
      path,
      data: readFileSync(`${source}/${path}`),
      isProgram: path === "dist/tenon.js",
    }));
}

/**
 * @param {string} name
 * @param {readonly string[]} modules
 * @param {readonly string[]} names
 * @returns {Entry[]}
 */
function filesOf(name, modules, names) {
  const folder = folderOf(name, modules);
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(folder.length + 1))
    .filter((file) => isNeeded(`${name}/${file}`))
    .map((file) => {
      const data = readFileSync(`${folder}/${file}`);
      const path = `node_modules/${name}/${file}`;
      if (file !== "package.json") return { path, data };
      return { path, data: Buffer.from(trimmedManifest(data.toString(), names)) };
    });
}

/**
 * @param {readonly string[]} names
 * @param {readonly string[]} modules
 * @param {Record<string, import("./program-tree.js").Locked>} packages
 */
function licencesOf(names, modules, packages) {
  const parts = names.map((name) => {
    const { version, license } = packages[`node_modules/${name}`] ?? {};
    const folder = folderOf(name, modules);
    const texts = readdirSync(folder)
      .filter((file) => /^licen[cs]e/i.test(file))
      .map((file) => readFileSync(`${folder}/${file}`, "utf8").trim());
    return [`${name} ${version} (${license})`, ...texts].join("\n\n");
  });
  return `${parts.join(`\n\n${"-".repeat(80)}\n\n`)}\n`;
}

/** @param {string} name @param {readonly string[]} modules */
function folderOf(name, modules) {
  const found = modules.map((each) => `${each}/${name}`).find((each) => isFolder(each));
  if (found === undefined) throw new Error(`npm has not installed ${name}`);
  return found;
}

/** @param {string} path */
function isFolder(path) {
  try {
    return readdirSync(path).length > 0;
  } catch {
    return false;
  }
}
