/** What the proofs do with a configured SageMath checkout: its make, its archives, its prefix. */
import { spawnSync } from "node:child_process";
import { parse } from "smol-toml";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";

export function requireConfigured(checkout, usage) {
  if (checkout !== undefined && existsSync(`${checkout}/config.status`)) return;
  process.stderr.write(`usage: ${usage}, where ./configure has run\n`);
  process.exit(2);
}

/** As its own Makefile calls it. */
export function inMake(checkout, ...words) {
  return ["sh", "-c", 'cd "$1/build/make" && shift && ./install "$@"', "sh", checkout, ...words];
}

/** Each with the package it is of. What only has a sha1 is known by the pin that tenon has made of it. */
export function archivesOf(checkout) {
  const lock = `${checkout}/tenon.lock`;
  /** @type {any} */
  const { source: pins = [] } = existsSync(lock) ? parse(read(lock)) : {};
  const pinned = new Map(pins.map((pin) => [pin.package, pin.sha256]));
  const names = readdirSync(`${checkout}/build/pkgs`);
  const having = names.filter((name) => existsSync(`${checkout}/build/pkgs/${name}/checksums.ini`));
  return having.flatMap((name) => {
    const folder = `${checkout}/build/pkgs/${name}`;
    const version = read(`${folder}/package-version.txt`)
      .trim()
      .replace(/\.p\d+$/, "");
    const sections = read(`${folder}/checksums.ini`).matchAll(/^tarball=(.*)$([^[]*)/gm);
    return [...sections].map(([, tarball, rest]) => ({
      name,
      file: tarball.replaceAll(/\$\{VERSION\}|VERSION/g, version),
      sha256: /^sha256=(.*)$/m.exec(rest)?.[1] ?? pinned.get(name),
    }));
  });
}

/** What tenon has fetched, under the names by which Sage looks for it. */
export function takeArchives(checkout, store) {
  mkdirSync(`${checkout}/upstream`, { recursive: true });
  for (const { file, sha256 } of archivesOf(checkout)) {
    const source = `${store}/sources/${sha256}`;
    if (existsSync(source)) copyFileSync(source, `${checkout}/upstream/${file}`);
  }
}

/** SAGE_LOCAL. */
export function localOf(checkout) {
  return valueIn(`${checkout}/src/bin/sage-env-config`, /^export SAGE_LOCAL="(.*)"$/m);
}

export function venvOf(checkout) {
  const venv = valueIn(`${checkout}/build/make/Makefile`, /^SAGE_VENV = (.*)$/m);
  return venv.replace("${SAGE_LOCAL}", localOf(checkout));
}

/** `SAGE_DOCS` after `--disable-doc`. */
export function isDisabled(checkout, tree) {
  return new RegExp(`^${tree} = *$`, "m").test(read(`${checkout}/build/make/Makefile`));
}

/** Nothing in it is kept: it was empty before. */
export function emptyPrefix(checkout) {
  rmSync(localOf(checkout), { recursive: true, force: true });
  spawnSync("./config.status", [], { cwd: checkout });
}

function valueIn(file, pattern) {
  const value = pattern.exec(read(file))?.[1];
  if (value === undefined) throw new Error(`${file} has no line like ${pattern}`);
  return value;
}

function read(file) {
  return readFileSync(file, "utf8");
}
