/**
 * tenon and pip install the same wheels, each into a venv of its own: the trees are compared file by
 * file, then what pip, importlib.metadata and uv see of them, and what `pip uninstall` leaves.
 *
 * The wheels are those of the projects in wheels.txt (`--names FILE`), which pip downloads into
 * `--cache DIR` once; or those of a folder, `--wheels DIR`. `--limit N` takes the first N only,
 * `--no-compile` makes no bytecode, `--json` prints for machines. Ends with 1 on a difference that
 * has no reason.
 */
import { parseArgs } from "node:util";
import { must, run, temporaryFolder } from "./processes.js";
import { requireTenon, tenon } from "./program.js";
import { printTable } from "./table.js";
import { readTree } from "./trees.js";
import { compareTrees } from "./wheels-compare.js";
import { downloadWheels, groupWheels } from "./wheels-files.js";
import { compareViews, uninstallAll } from "./wheels-views.js";

const { values } = parseArgs({
  options: {
    names: { type: "string" },
    wheels: { type: "string" },
    cache: { type: "string" },
    limit: { type: "string", default: "100000" },
    "no-compile": { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const minutes = (count) => ({ timeoutMs: count * 60_000 });

requireTenon();
const folder = temporaryFolder("wheels");
const python = (await must(["python3", "-c", "import sys; print(sys.executable)"])).stdout.trim();
const pip = [python, "-m", "pip", "--disable-pip-version-check", "--no-input"];
const environment = {
  ...process.env,
  PYTHONDONTWRITEBYTECODE: "1", // what pip and tenon compile, they compile all the same
  TENON_STORE: `${folder}/store`,
  PIP_ROOT_USER_ACTION: "ignore",
};

const { files, unavailable } = await downloadWheels({ ...values, pip, say });
const { groups, shared } = await groupWheels(python, files.slice(0, Number(values.limit)));
/** @type {{ unjustified: string[], reasons: Record<string, number>, views: Record<string, number> } & Record<string, any>} */
const result = {
  python: (await must([python, "--version"])).stdout.trim(),
  pip: (await must([...pip, "--version"])).stdout.split(" ").slice(0, 2).join(" "),
  wheels: groups.flat().length,
  unavailable,
  files: 0,
  equal: 0,
  reasons: {},
  unjustified: [],
  shared,
  views: {},
  uninstalled: 0,
};
for (const [index, group] of groups.entries()) {
  await proveGroup(index, group).catch(({ message }) => result.unjustified.push(message));
}
report();
process.exit(result.unjustified.length === 0 && result.equal > 0 ? 0 : 1);

async function proveGroup(index, group) {
  const [theirs, ours] = await Promise.all(["pip", "tenon"].map((name) => makeVenv(name, index)));
  const isFile = ([, kind]) => !kind.startsWith("directory");
  const fresh = new Set([...readTree(theirs, skip)].filter(isFile).map(([path]) => path));
  say(`set ${index + 1}: pip installs ${group.length} wheels`);
  await installWithPip(theirs, group);
  say(`set ${index + 1}: tenon installs them`);
  const unmet = await installWithTenon(ours, group);
  await checkRefusals(index, ours);
  say(`set ${index + 1}: comparing`);
  const trees = compareTrees({ theirs, ours, skip: (path) => skip(path) || fresh.has(path) });
  const views = await compareViews({ theirs, ours, pip, environment, unmet });
  take(trees, views.unjustified);
  for (const [name, count] of Object.entries(views.seen))
    result.views[name] = (result.views[name] ?? 0) + count;
  say(`set ${index + 1}: pip uninstalls them`);
  const gone = await uninstallAll({ ours, pip, environment, skip, fresh });
  result.uninstalled += gone.packages;
  result.unjustified.push(...gone.unjustified);
}

function take(trees, unjustified) {
  result.files += trees.files;
  result.equal += trees.equal;
  for (const [reason, paths] of trees.reasons)
    result.reasons[reason] = (result.reasons[reason] ?? 0) + paths.length;
  result.unjustified.push(...trees.unjustified, ...unjustified);
}

async function makeVenv(name, index) {
  const venv = `${folder}/set${index + 1}/${name}`;
  await must([python, "-m", "venv", "--without-pip", venv]);
  return venv;
}

function installWithPip(venv, group) {
  const compile = values["no-compile"] ? ["--no-compile"] : ["--compile"];
  const options = ["--quiet", "--no-index", "--no-deps", ...compile];
  const command = [...pip, "--python", `${venv}/bin/python`, "install", ...options, ...group];
  return must(command, { ...minutes(40), env: environment });
}

/** Gives the requirements that it says are not met. */
async function installWithTenon(venv, group) {
  const compile = values["no-compile"] ? [] : ["--compile-bytecode"];
  const options = ["--prefix", venv, "--no-sync", "--json", ...compile];
  const command = tenon("install", ...options, ...group);
  return JSON.parse((await must(command, { ...minutes(20), env: environment })).stdout).unmet;
}

/** A wheel of a later set owns a path of this one: pip overwrites it, and tenon is to refuse (I3). */
async function checkRefusals(index, venv) {
  for (const { path, wheel, file, other } of shared.filter(({ set }) => set === index)) {
    const command = tenon("install", "--prefix", venv, "--no-sync", file);
    const { code, stderr } = await run(command, { env: environment });
    const isSaid = [path, wheel, other].every((word) => stderr.includes(word));
    if (code !== 3 || !isSaid)
      result.unjustified.push(`${wheel} over ${other}: exit ${code}, ${stderr.trim()}`);
  }
}

/** tenon's own folder, below folders that a venv has not. */
function skip(path) {
  return path === "var";
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

function report() {
  if (values.json) {
    process.stdout.write(`${JSON.stringify(result, undefined, 1)}\n`);
    return;
  }
  const { reasons, views, unjustified } = result;
  const lines = [
    `${result.wheels} wheels in ${groups.length} sets, ${result.python}, ${result.pip}`,
    ...unavailable.map((name) => `no wheel here: ${name}`),
    ...shared.map(
      ({ wheel, other, path }) => `${wheel} is refused over ${other}: both have ${path}`,
    ),
    `${result.files} paths, of which ${result.equal} are equal; the others:`,
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
  printTable(["reason", "paths"], Object.entries(reasons).sort());
  process.stdout.write("\n");
  printTable(["seen alike by", "distributions"], Object.entries(views));
  process.stdout.write(`\npip uninstalled ${result.uninstalled} packages of tenon's\n`);
  for (const line of unjustified.slice(0, 50)) process.stdout.write(`DIFFERS ${line}\n`);
  process.stdout.write(`${unjustified.length} differences without a reason\n`);
}
