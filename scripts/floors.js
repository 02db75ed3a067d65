/** The rules of the house: rooms import downward only, and only world/ takes what touches the machine. */
import { readdirSync } from "node:fs";
import { cruise } from "dependency-cruiser";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";

const floors = {
  core: 1,
  world: 2,
  relocation: 2,
  requirements: 2,
  signing: 2,
  tokens: 3,
  recipe: 3,
  store: 3,
  prefix: 3,
  reapi: 3,
  archive: 3,
  view: 3,
  plan: 4,
  stage: 4,
  source: 4,
  failure: 4,
  sbom: 4,
  trust: 4,
  bundle: 5,
  events: 5,
  install: 4,
  wheel: 5,
  cache: 5,
  builder: 6,
  image: 6,
  "tree-bundle": 6,
  distributions: 7,
  execution: 7,
  operations: 8,
  sage: 8,
  workspace: 9,
  run: 10,
  import: 10,
  doctor: 10,
  library: 11,
  report: 12,
  cli: 13,
  page: 13,
};
/** One customer's rooms: deleting one, and the one line that imports it, must leave a whole program. */
const soleImporters = { sage: "src/workspace/open-workspace.ts" };
/** Runs in a browser; the bundler makes it one text. It takes single files of other rooms, since their indexes need the machine. */
const pageFolder = "src/page/";
const simulatedFolder = "src/world/simulated/";
const machineModules = new Set([
  "fs",
  "child_process",
  "net",
  "os",
  "http",
  "https",
  "timers",
  "tls",
  "dgram",
  "worker_threads",
  "cluster",
]);
const files = sourceFiles("src");
const { output } = await cruise(
  ["src"],
  {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node"] },
  },
  {},
  { tsConfig: extractTSConfig("tsconfig.json") },
);
if (typeof output === "string") throw new Error(output);
const modules = output.modules.filter(({ source }) => source.startsWith("src/"));
/** @type {string[]} */
const faults = [];
if (modules.length !== files.length) {
  faults.push(`${modules.length} modules were read, but there are ${files.length} files`);
}
let imports = 0;
for (const { source, dependencies } of modules) {
  for (const dependency of dependencies) {
    imports += 1;
    checkImport(source, dependency);
  }
}

if (faults.length > 0) {
  process.stdout.write(`${faults.join("\n")}\n`);
  process.exit(1);
}
process.stdout.write(`${modules.length} modules, ${imports} imports\n`);

function checkImport(
  /** @type {string} */ source,
  /** @type {any} */ { resolved, module, coreModule, couldNotResolve, circular, cycle },
) {
  if (couldNotResolve) faults.push(`${source}: ${module} is not found`);
  if (circular) {
    const circle = cycle.map((step) => step.name ?? step).join(" → ");
    faults.push(`${source}: a circle of imports: ${circle}`);
  }
  const room = roomOf(source);
  if (coreModule) {
    const name = module.replace(/^node:/, "").split("/")[0];
    if (machineModules.has(name) && room !== "world") {
      faults.push(`${source}: only world/ may import ${module}`);
    }
    return;
  }
  if (!resolved.startsWith("src/")) return;
  if (resolved.startsWith(simulatedFolder) && !source.startsWith(simulatedFolder)) {
    faults.push(`${source}: imports ${resolved}, which is for tests only`);
  }
  if (resolved.startsWith(pageFolder) && !source.startsWith(pageFolder)) {
    faults.push(`${source}: imports ${resolved}, which runs in a browser only`);
  }
  const target = roomOf(resolved);
  if (floors[room] === undefined || floors[target] === undefined) {
    faults.push(`${source}: a room without a floor: ${room} or ${target}`);
  } else if (room !== target) {
    if (floors[target] >= floors[room]) {
      faults.push(
        `${source}: ${room}/ (floor ${floors[room]}) imports ${target}/ (floor ${floors[target]})`,
      );
    }
    if (soleImporters[target] !== undefined && source !== soleImporters[target]) {
      faults.push(`${source}: only ${soleImporters[target]} may import ${target}/`);
    }
    if (room !== "page" && resolved !== `src/${target}/index.ts`) {
      faults.push(`${source}: imports ${resolved} instead of the room's index.ts`);
    }
  }
}

function roomOf(file) {
  return file.split("/")[1];
}

function sourceFiles(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(ts|js)$/.test(entry.name))
    .map((entry) => `${entry.parentPath}/${entry.name}`);
}
