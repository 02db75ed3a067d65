/** Two trees in which the same wheels were installed: what is equal, and why the rest may differ. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { readTree } from "./trees.js";

/** Each difference has a reason, or it is unjustified. */
export function compareTrees({ theirs, ours, skip }) {
  const [expected, found] = [theirs, ours].map((root) => readTree(root, skip));
  const reasons = new Map();
  const unjustified = [];
  let equal = 0;
  const paths = [...new Set([...expected.keys(), ...found.keys()])].sort();
  for (const path of paths) {
    const [here, there] = [expected.get(path), found.get(path)];
    if (here === there) {
      equal += 1;
      continue;
    }
    const reason = reasonFor({ path, here, there, theirs, ours });
    if (reason === undefined)
      unjustified.push(`${path}: pip ${here ?? "no"}, tenon ${there ?? "no"}`);
    else reasons.set(reason, [...(reasons.get(reason) ?? []), path]);
  }
  return { files: paths.length, equal, reasons, unjustified };
}

function reasonFor({ path, here, there, theirs, ours }) {
  if (/^bin\/pip3\.\d+$/.test(path) && there === undefined)
    return "pip gives itself one more script, for its Python's version";
  if (here === undefined || there === undefined) return undefined;
  const texts = [theirs, ours].map((root) => (isFile(here, there) ? readText(root, path) : ""));
  if (/__pycache__\/[^/]+\.pyc$/.test(path) && modeOf(here) === modeOf(there))
    return "bytecode: pip's is checked by time stamps, tenon's by digest";
  if (modeOf(here) !== modeOf(there)) return undefined;
  const [, name] = /\.dist-info\/(INSTALLER|RECORD|direct_url\.json)$/.exec(path) ?? [];
  switch (name) {
    case "INSTALLER":
      return texts[0] === "pip\n" && texts[1] === "tenon\n"
        ? "INSTALLER names who it was"
        : undefined;
    case "direct_url.json":
      return areEqual(texts.map((text) => JSON.parse(text)))
        ? "direct_url.json says the same in other white space"
        : undefined;
    case "RECORD":
      return hasSameRows(path, [theirs, ours])
        ? "RECORD has the same rows; pip's lists bytecode, too, and each the digests of its own files"
        : undefined;
  }
  if (!path.startsWith("bin/")) return undefined;
  const calls = texts.map(callOf);
  if (calls[0] !== undefined && areEqual(calls))
    return "a script of an entry point: the same call of the same interpreter, in other words";
  if (!areEqual(texts.map(withoutFirstLine))) return undefined;
  if (texts.every(startsWithPython))
    return "a script of the wheel: the first line names the same interpreter by another link";
  const [first, [second, ...options]] = texts.map((text) => text.split("\n")[0].split(" "));
  return [first[0], second].every((each) => interpreter.test(each)) && options.length === 1
    ? "a script of the wheel: tenon keeps the options of its first line, which pip loses"
    : undefined;
}

function areEqual(/** @type {readonly unknown[]} */ [one, other]) {
  return isDeepStrictEqual(one, other);
}

function isFile(...kinds) {
  return kinds.every((kind) => kind.startsWith("file "));
}

/** The prefix's own place is not a difference. */
function readText(root, path) {
  return readFileSync(`${root}/${path}`, "latin1").replaceAll(root, "PREFIX");
}

function modeOf(kind) {
  return kind.split(" ")[1];
}

const interpreter = /^#!PREFIX\/bin\/python[\d.]*$/;

function startsWithPython(text) {
  return interpreter.test(text.split("\n")[0]);
}

function withoutFirstLine(text) {
  return text.slice(text.indexOf("\n"));
}

/** What a script imports and calls: `from MODULE import NAME`, `sys.exit(NAME.MORE())`. */
function callOf(text) {
  if (!startsWithPython(text)) return undefined;
  const [, module, imported] = /^from (\S+) import (\S+)$/m.exec(text) ?? [];
  const [, called] = /(?:sys\.exit|SystemExit)\((\S+)\(\)\)$/m.exec(text) ?? [];
  return module === undefined || called === undefined ? undefined : [module, imported, called];
}

/** What each writes itself has a digest of its own, which must be that of the file. */
function hasSameRows(path, roots) {
  const site = path.slice(0, path.lastIndexOf("/", path.lastIndexOf("/") - 1));
  const [theirs, ours] = roots.map((root) =>
    readText(root, path)
      .split(/\r?\n/)
      .filter((line) => line !== "" && !line.endsWith(".pyc,,"))
      .map((row) => withoutTrueDigest(`${root}/${site}`, row)),
  );
  const extra = theirs.filter((row) => !ours.includes(row));
  return ours.every((row) => theirs.includes(row)) && extra.every(isExtraScript);
}

const ownRow =
  /^((?:\.\.\/)+bin\/[^/]+|[^/]+\.dist-info\/(?:INSTALLER|direct_url\.json)),sha256=([\w-]+),(\d+)$/;

function withoutTrueDigest(site, row) {
  const [, path, digest, size] = ownRow.exec(row) ?? [];
  if (path === undefined) return row;
  const content = readFileSync(`${site}/${path}`);
  const isTrue = createHash("sha256").update(content).digest("base64url") === digest;
  return isTrue && content.length === Number(size) ? path : row;
}

function isExtraScript(path) {
  return /\/bin\/pip3\.\d+$/.test(path);
}
