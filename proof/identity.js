/**
 * The same stack for three prefixes, by two users, in two stores: keys and artifacts have to be equal (I13), and what
 * differs is named. The stack is that of `examples/quickstart`, and programs of `proof/relocation.js`; or, with `--built`,
 * that of a folder of proof/sdists.js, whose store is the first one. All is built twice at most: so it takes twice as long
 * as the stack's build, and says when a run has ended.
 */
import * as fs from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { must, temporaryFolder } from "./processes.js";
import { requireTenon, tenon } from "./program.js";
import { withNeeds, writeWorkspace } from "./relocation-workspace.js";
import { printTable } from "./table.js";
import { showSeconds, timed } from "./times.js";

const small =
  "zlib bzip2 lz4 lua5.4 giflib tree tinyxml2 yaml-cpp brotli double-conversion string-lengths";
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    // Archives that are there already, as `proof/relocation.js --folder` has them.
    archives: { type: "string" },
    built: { type: "string" },
    jobs: { type: "string", short: "j", default: "2" },
    minutes: { type: "string", default: "180" },
  },
});
const limit = { timeoutMs: Number(values.minutes) * 60_000 };
requireTenon();
if (process.getuid?.() !== 0) throw new Error("run by root, which becomes another user, too");
const folder = temporaryFolder("identity");
fs.chmodSync(folder, 0o755);
const workspace = `${folder}/stack`;
const stores = { first: `${folder}/first`, second: `${folder}/second` };
if (values.built === undefined) await makeStack();
else takeStack(values.built);

const runs = [];
for (const [store, user, prefix] of [
  ["first", 0, `${folder}/p`],
  ["first", 0, `${folder}/another-folder/of-another/length/prefix`],
  ["second", 65534, `${folder}/third/prefix`],
]) {
  const ended = await runOnce(store, user, prefix);
  runs.push(ended);
  const seconds = showSeconds(ended.ms);
  process.stdout.write(`${ended.built} packages built for ${prefix} in ${seconds}\n`);
}

const [first] = runs;
printTable(
  ["prefix", "store", "user", "packages", "built", "keys equal", "artifacts equal"],
  runs.map(({ prefix, store, user, packages, built }) => [
    `${prefix.length} bytes`,
    store,
    user,
    packages.size,
    built,
    countEqual(packages, "key"),
    countEqual(packages, "artifact"),
  ]),
);
let failed = 0;
const check = (isRight, text) => {
  if (isRight) return;
  failed += 1;
  process.stdout.write(`FAILED: ${text}\n`);
};
check(runs[1].built === 0, `${runs[1].built} packages were built for the second prefix`);
for (const { prefix, packages } of runs)
  for (const [name, { key, artifact }] of packages) {
    const mine = first.packages.get(name);
    check(key === mine?.key, `the key of ${name} for ${prefix}: ${key}, not ${mine?.key}`);
    check(artifact === mine?.artifact, `${name} for ${prefix}: ${artifact}, not ${mine?.artifact}`);
  }
const compared = runs.length * first.packages.size * 2;
process.stdout.write(`${compared - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

async function makeStack() {
  const names = withNeeds(positionals.length > 0 ? positionals : small.split(" "));
  const quickstart = fileURLToPath(new URL("../examples/quickstart", import.meta.url));
  fs.cpSync(quickstart, workspace, { recursive: true });
  if (values.archives !== undefined)
    fs.cpSync(values.archives, `${workspace}/archives`, { recursive: true });
  await writeWorkspace(workspace, { names, limit, env: process.env, withPython: false });
  await must(tenon("fetch", "-C", workspace), { env: environment("first"), ...limit });
}

function takeStack(built) {
  fs.mkdirSync(workspace);
  for (const name of ["packages", "tenon.toml", "tenon.lock"])
    fs.cpSync(`${built}/${name}`, `${workspace}/${name}`, { recursive: true });
  stores.first = fs.realpathSync(`${built}/store`);
}

/** Each user has a workspace of their own; what was fetched is brought to each. */
async function runOnce(store, user, prefix) {
  const own = `${folder}/workspaces/${prefix.length}`;
  fs.cpSync(workspace, own, { recursive: true });
  fs.mkdirSync(prefix, { recursive: true });
  for (const fetched of ["sources", "crates", "git"])
    if (!fs.existsSync(`${stores[store]}/${fetched}`))
      fs.cpSync(`${stores.first}/${fetched}`, `${stores[store]}/${fetched}`, { recursive: true });
  const theirs = [own, prefix, stores[store]];
  if (user !== 0) await must(["chown", "-R", `${user}:${user}`, ...theirs]);
  const as = ["setpriv", "--reuid", String(user), "--regid", String(user), "--clear-groups"];
  const options = ["--offline", `-j${values.jobs}`, "-C", own, "--prefix", prefix];
  const command = [...as, ...tenon("build", ...options)];
  const env = environment(store);
  const { code, stderr, ms } = await timed(command, { env, ...limit });
  if (code !== 0) throw new Error(stderr);
  await must([...as, ...tenon("verify", "--prefix", prefix)], { env, ...limit });
  const built = (stderr.match(/^\[ *\d+\/\d+\] built /gm) ?? []).length;
  return { store, user, prefix, built, ms, packages: readRecords(prefix) };
}

/** An interpreter that lies in a home is not everybody's. */
function environment(store) {
  const PATH = "/usr/local/bin:/usr/bin:/bin";
  return { ...process.env, PATH, HOME: folder, TENON_STORE: stores[store] };
}

function readRecords(prefix) {
  const records = `${prefix}/var/lib/tenon/packages`;
  const files = fs.readdirSync(records).filter((file) => file.endsWith(".json"));
  return new Map(
    files.map((file) => {
      const { name, key, artifact } = JSON.parse(fs.readFileSync(`${records}/${file}`, "utf8"));
      return [name, { key, artifact }];
    }),
  );
}

function countEqual(packages, what) {
  const equal = [...packages].filter(
    ([name, each]) => each[what] !== undefined && each[what] === first.packages.get(name)?.[what],
  );
  return equal.length;
}
