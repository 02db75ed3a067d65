/** Which files of the checkout and of its dependencies a release has, and how they lie in it; pure. */

/** @import { Entry } from "./tar.js" */
/** @import { Platform } from "./platforms.js" */
/**
 * @typedef {object} Locked a package of the lock file
 * @property {string} [version]
 * @property {string} [integrity]
 * @property {string} [license]
 * @property {boolean} [dev]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [optionalDependencies]
 */

/** Programs, native parts, data and licences; not the documents, types and C++ sources of the dependencies. */
const needed = /\.(?:js|cjs|mjs|json|node|wasm)$|(?:^|\/)licen[cs]e[^/]*$/i;

/**
 * The packages that a program needs at run time: those in `roots`, and what they need on Linux with x64 or arm64.
 *
 * @param {Record<string, Locked>} packages of the lock file
 * @param {readonly string[]} roots
 * @returns {string[]} names, sorted
 */
export function neededPackages(packages, roots) {
  const found = new Set(roots);
  for (const name of found) {
    const locked = packages[`node_modules/${name}`];
    if (locked === undefined) throw new Error(`package-lock.json does not have ${name}`);
    const parts = Object.keys(locked.optionalDependencies ?? {}).filter((part) =>
      /-linux-(?:x64|arm64)$/.test(part),
    );
    for (const next of [...Object.keys(locked.dependencies ?? {}), ...parts]) found.add(next);
  }
  return [...found].sort();
}

/**
 * Whether a file of a dependency goes into the release.
 *
 * @param {string} path below node_modules
 */
export function isNeeded(path) {
  return needed.test(path) && !/\/(?:docs?|vendor|types)\//.test(path);
}

/**
 * The manifest of a dependency without its install script and its parts for other systems, neither of which a
 * release has any use for.
 *
 * @param {string} text
 * @param {readonly string[]} names what the release has
 */
export function trimmedManifest(text, names) {
  const { scripts: _, devDependencies: __, optionalDependencies, ...rest } = JSON.parse(text);
  const kept = Object.entries(optionalDependencies ?? {}).filter(([name]) => names.includes(name));
  const parts = kept.length === 0 ? {} : { optionalDependencies: Object.fromEntries(kept) };
  return `${JSON.stringify({ ...rest, ...parts }, null, 2)}\n`;
}

/**
 * The release's own manifest: what it depends on is in it.
 *
 * @param {string} text of the checkout's package.json
 * @param {readonly string[]} names what is in node_modules
 * @param {Record<string, Locked>} packages of the lock file
 */
export function releaseManifest(text, names, packages) {
  const { scripts: _, devDependencies: __, sideEffects: ___, ...rest } = JSON.parse(text);
  const versionOf = (/** @type {string} */ name) => packages[`node_modules/${name}`]?.version;
  const direct = names.filter((name) => rest.dependencies[name] !== undefined);
  return `${JSON.stringify(
    {
      ...rest,
      cpu: ["x64", "arm64"],
      dependencies: Object.fromEntries(direct.map((name) => [name, versionOf(name)])),
      bundleDependencies: names,
    },
    null,
    2,
  )}\n`;
}

/**
 * What one platform needs of the program: nothing native of another one, and no types.
 *
 * @param {readonly Entry[]} tree
 * @param {Platform} platform
 */
export function forPlatform(tree, { cpu, addon }) {
  return tree.filter(({ path }) => {
    if (path.startsWith("dist/types/")) return false;
    const native = /^node_modules\/@koromix\/koffi-linux-([^/]+)\/(.*)$/.exec(path);
    if (native === null) return true;
    const [, itsCpu, rest = ""] = native;
    return itsCpu === cpu && (!rest.endsWith(".node") || rest.startsWith(`${addon}/`));
  });
}
