/**
 * What lies in the prefix of a SageMath checkout, judged without asking who built it: each package has
 * the files that an undisturbed build gave it, and its stamp, or nothing.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { differences, readTree } from "./trees.js";

const stampPattern = /(^|\/)var\/lib\/sage\/installed\/[^/]+$/;
const isBytecode = (place) => /(^|\/)__pycache__(\/|$)/.test(place);
/** Where packages are built, and tenon's records of its own. */
const isWork = (place) => /(^|\/)var\/(tmp\/sage\/build|lib\/tenon)$/.test(place);
const importing = fileURLToPath(new URL("sage-imports.py", import.meta.url));

/** Path → what is there, folders left out; of a stamp all but when and where it was written. */
export function readFiles(prefix) {
  const tree = readTree(prefix, (place) => isBytecode(place) || isWork(place));
  for (const [place, what] of tree) {
    if (what.startsWith("directory")) tree.delete(place);
    else if (stampPattern.test(place)) tree.set(place, readStamp(`${prefix}/${place}`));
  }
  return tree;
}

function readStamp(file) {
  const lines = readFileSync(file, "utf8").split("\n");
  const same = lines.filter((line) => !/^ *"(install_date|system_uname)": ".*",$/.test(line));
  return `stamp ${createHash("sha256").update(same.join("\n")).digest("hex").slice(0, 16)}`;
}

/**
 * `trees` are of undisturbed builds. What they do not agree in differs by nature: there it counts
 * only that the file is there. `packages`: name → paths of its files, of which others have some perhaps not.
 */
export function makeReference(packages, trees) {
  const [first, ...others] = trees;
  const files = new Map([...first].filter(([place]) => others.every((tree) => tree.has(place))));
  for (const [place, what] of files) {
    if (others.some((tree) => tree.get(place) !== what)) files.set(place, undefined);
  }
  const owned = [...packages].flatMap(([name, places]) => {
    const there = places.filter((place) => files.has(place));
    const hasStamp = places.some((place) => stampPattern.test(place));
    if (there.length === 0 && !hasStamp) return []; // make leaves descriptions to another target
    const stamp = there.find((place) => !hasStamp || stampPattern.test(place));
    if (stamp === undefined) throw new Error(`no stamp of ${name} after an undisturbed build`);
    return [{ name, stamp, files: there.filter((place) => place !== stamp) }];
  });
  return { files, owned };
}

const differs = ({ files }, tree, place) =>
  files.get(place) !== undefined && files.get(place) !== tree.get(place);

/** Names of packages, and paths of files that are no package's. */
export function judge(reference, tree) {
  /** @type {Record<"whole" | "half" | "unstamped" | "hollow" | "torn" | "stray", string[]>} */
  const found = { whole: [], half: [], unstamped: [], hollow: [], torn: [], stray: [] };
  for (const { name, stamp, files } of reference.owned) {
    const there = files.filter((place) => tree.has(place));
    const torn = [...there, stamp].filter(
      (place) => tree.has(place) && differs(reference, tree, place),
    );
    const isWhole = there.length === files.length && torn.length === 0;
    if (isWhole && tree.has(stamp)) found.whole.push(name);
    if (there.length > 0 && !isWhole) found.half.push(name);
    if (there.length > 0 && !tree.has(stamp)) found.unstamped.push(name);
    if (tree.has(stamp) && !isWhole) found.hollow.push(name);
    found.torn.push(...torn);
  }
  found.stray = [...tree.keys()].filter((place) => !reference.files.has(place));
  return found;
}

/** Lines that say where a prefix is not what an undisturbed build has made. */
export function differencesFrom({ files }, tree) {
  const known = [...files].filter(([, what]) => what !== undefined);
  const byNature = [...files.keys()].filter((place) => !files.get(place) && tree.has(place));
  return differences(
    new Map([...known, ...byNature.map((place) => [place, tree.get(place)])]),
    tree,
  );
}

/** Distributions that pip would list and that are not all there, or cannot be imported. */
export function brokenDistributions(venv) {
  const sites = existsSync(`${venv}/lib`) ? readdirSync(`${venv}/lib`) : [];
  return sites.flatMap((name) => {
    const site = `${venv}/lib/${name}/site-packages`;
    if (!existsSync(site)) return [];
    const known = readdirSync(site).filter((one) => /^~|\.dist-info$/.test(one));
    if (known.length === 0) return [];
    const asked = spawnSync(`${venv}/bin/python3`, ["-B", "-I", importing, site], {
      encoding: "utf8",
      timeout: 120_000,
    });
    return asked.status === 0 ? JSON.parse(asked.stdout) : known;
  });
}
