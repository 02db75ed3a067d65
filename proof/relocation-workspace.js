/** The workspace of `proof/relocation.js`: its recipes, with the archives of Debian's source packages. */
import { mkdirSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { fetchSources } from "./debian-sources.js";
import { must } from "./processes.js";
import { tenon } from "./program.js";
import { libraries } from "./relocation-libraries.js";
import { programs } from "./relocation-programs.js";
import { debian, own, python } from "./relocation-recipes.js";

export const recipes = { ...debian, ...libraries, ...programs, ...own };

/** The recipes of these names, behind those that they need. */
export function withNeeds(names) {
  const all = new Set();
  const add = (name) => {
    if (recipes[name] === undefined) throw new Error(`${name} has no recipe for this proof`);
    (recipes[name].needs ?? []).forEach(add);
    all.add(name);
  };
  names.forEach(add);
  return [...all];
}

export async function writeWorkspace(folder, { names, env, limit, withPython }) {
  mkdirSync(`${folder}/packages`, { recursive: true });
  writeFileSync(`${folder}/tenon.toml`, "[workspace]\n");
  const fetched = names.filter((name) => own[name] === undefined);
  const heads = await fetchSources(`${folder}/archives`, fetched, limit);
  for (const name of names) writeRecipe(folder, name, heads.get(name));
  if (!withPython) return;
  writeFileSync(`${folder}/requirements.txt`, `${python.join("\n")}\n`);
  const command = ["import", `${folder}/requirements.txt`, "--from-source", "-C", folder];
  await must(tenon(...command), { env, ...limit });
  await must(tenon("fetch", "-C", folder), { env, ...limit });
}

function writeRecipe(folder, name, head) {
  const { needs = [], build, files } = recipes[name];
  for (const [file, content] of Object.entries(files ?? {})) {
    mkdirSync(`${folder}/${name}`, { recursive: true });
    writeFileSync(`${folder}/${name}/${file}`, content);
  }
  const start = head ?? `name = "${name}"\nversion = "1"\n[source]\npath = "../${name}"\n`;
  const text = `${start}[depends]\nrun = ${JSON.stringify(needs)}\n[build]\n${withCompilers(build)}\n`;
  writeFileSync(`${folder}/packages/${name}.toml`, text);
}

/** Compilers that lie in nobody's PATH are named as they lie: `@rustc@`, or `false` where there is none. */
function withCompilers(build) {
  return build.replaceAll(/@(rustc|go)@/g, (_, name) => {
    const [option, value] = name === "go" ? ["env", "GOROOT"] : ["--print", "sysroot"];
    const { status, stdout } = spawnSync(name, [option, value], { encoding: "utf8" });
    return status === 0 ? `${stdout.trim()}/bin/${name}` : "false";
  });
}
