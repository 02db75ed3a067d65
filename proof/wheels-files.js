/** The wheels of the proof: downloaded once by pip, and put into sets that agree about every path. */
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { must, run } from "./processes.js";

const atOnce = 4;

/**
 * Absolute files, and the names for which the index has no wheel that fits this interpreter.
 *
 * @param {{ names?: string, wheels?: string, cache?: string, pip: string[], say: (text: string) => void }} options
 */
export async function downloadWheels({ names, wheels, cache, pip, say }) {
  if (wheels !== undefined) return { files: wheelsIn(resolve(wheels)), unavailable: [] };
  const folder = resolve(cache ?? `${homedir()}/.cache/tenon-proof-wheels`);
  mkdirSync(folder, { recursive: true });
  const list = names ?? fileURLToPath(new URL("wheels.txt", import.meta.url));
  const wanted = readFileSync(list, "utf8").split("\n").filter(Boolean);
  const missing = wanted.filter((name) => fileOf(folder, name) === undefined);
  if (missing.length > 0) say(`pip downloads ${missing.length} of ${wanted.length} wheels`);
  const queue = [...missing];
  const download = async () => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      const options = ["--quiet", "--no-deps", "--only-binary", ":all:", "--dest", folder];
      await run([...pip, "download", ...options, name], { timeoutMs: 300_000 });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, download));
  const files = wanted.map((name) => fileOf(folder, name));
  return {
    files: files.filter((file) => file !== undefined),
    unavailable: wanted.filter((_name, index) => files[index] === undefined),
  };
}

function wheelsIn(folder) {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith(".whl"));
  return names.sort().map((name) => `${folder}/${name}`);
}

function fileOf(folder, project) {
  return wheelsIn(folder).find((file) => projectOf(file) === project);
}

export function projectOf(file) {
  return file
    .split("/")
    .at(-1)
    .split("-")[0]
    .toLowerCase()
    .replace(/[-_.]+/g, "-");
}

/**
 * A wheel goes to the first set in which no other has one of its paths with other content. `shared` names one path of
 * each pair that could not be together, and the set in which the other one is.
 */
export async function groupWheels(python, files) {
  const script = fileURLToPath(new URL("wheels-paths.py", import.meta.url));
  const { stdout } = await must([python, script, ...files], { timeoutMs: 300_000 });
  const sets = [];
  const shared = [];
  JSON.parse(stdout).forEach((paths, index) => {
    const file = files[index];
    const wheel = projectOf(file);
    for (let set = 0; ; set += 1) {
      sets[set] ??= { files: [], owners: new Map() };
      const { owners } = sets[set];
      const isTaken = ([each, content]) => (owners.get(each)?.content ?? content) !== content;
      const [path] = paths.find(isTaken) ?? [];
      if (path === undefined) {
        for (const [each, content] of paths) owners.set(each, { wheel, content });
        sets[set].files.push(file);
        return;
      }
      shared.push({ path, wheel, file, other: owners.get(path).wheel, set });
    }
  });
  return { groups: sets.map((set) => set.files), shared };
}
