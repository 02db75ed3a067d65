/**
 * Joins that relocate, for `proof/kills.js`: the packages were built before, for another prefix, so that all that the
 * command does is to make their files name this one, and to join them.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { must } from "./processes.js";
import { tenon } from "./program.js";

/** A package's recipe becomes the one of these files, and what it gives is in the store. Gives the command that joins it. */
export async function prepareBuilt({ live, prefix }, { name, version, files, links }) {
  mkdirSync(`${live}/packages`, { recursive: true });
  writeFileSync(`${live}/tenon.toml`, '[workspace]\nstore = "store"\n');
  const script = [...Object.entries(files).map(makeFile), ...Object.entries(links).map(makeLink)];
  const recipe =
    `name = "${name}"\nversion = "${version}"\n` +
    `[build]\nsystem = "script"\nscript = '''\n${script.join("\n")}\n'''\n`;
  writeFileSync(`${live}/packages/${name}.toml`, recipe);
  const build = (place) => tenon("build", "--offline", "--prefix", place, "-C", live);
  await must(build(`${live}/elsewhere`));
  return build(prefix);
}

/** Texts name the prefix, programs begin with it, and libraries hold it among other bytes; headers do not have it. */
function makeFile([file, content]) {
  const place = `"$PREFIX/${file}"`;
  const line = content.trim();
  return `mkdir -p "$PREFIX/${path.dirname(file)}"\n${writing(file, line)} > ${place}${file.startsWith("bin/") ? `\nchmod 755 ${place}` : ""}`;
}

function writing(file, line) {
  if (file.startsWith("bin/")) return `printf '#!%s/bin/python3\\n# ${line}\\n' "$PREFIX"`;
  if (file.includes(".so")) return `printf '\\001\\002%s/share\\000${line}\\n' "$PREFIX"`;
  if (file.endsWith(".h")) return `printf '${line}\\n'`;
  return `printf '${line} of %s\\n' "$PREFIX"`;
}

function makeLink([file, target]) {
  return `ln -s '${target}' "$PREFIX/${file}"`;
}
