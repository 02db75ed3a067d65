/**
 * Small C packages that need each other, built here and by Slurm: the same keys have the same artifacts, and workers that
 * are killed while they build are replaced. SLURM_CONF, or the machine's own configuration, names a running Slurm.
 * `--url reapi://HOST:PORT` has a server on this machine build them instead, with `--platform 'NAME = "VALUE"'` and, where its
 * blobs are elsewhere, `--storage reapi://HOST:PORT`.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { parseArgs } from "node:util";
import { must, run, start, temporaryFolder } from "./processes.js";
import { requireTenon, tenon } from "./program.js";

const { values } = parseArgs({
  options: {
    packages: { type: "string", default: "36" },
    kills: { type: "string", default: "10" },
    url: { type: "string" },
    platform: { type: "string", default: "" },
    storage: { type: "string" },
    seconds: { type: "string", default: "0" },
  },
});
const count = Number(values.packages);

requireTenon();
const folder = temporaryFolder("cluster");
const url = values.url ?? `slurm:${folder}/shared`;
const system = values.url === undefined ? "Slurm" : values.url;
const store = `/var/tmp/${basename(folder)}`;
const platform = values.platform === "" ? "" : `platform = { ${values.platform} }\n`;
const storage = values.storage === undefined ? "" : `storage = "${values.storage}"\n`;
const limit = { timeoutMs: 40 * 60_000 };
const local = makeWorkspace("here");
const away = makeWorkspace("there");
await timed(`${count} packages here, -j2`, () => build(local));
await timed(`${count} packages by ${system}, 4 at once`, () => build(away));
compare(local, away);
rmSync(away, { recursive: true });
rmSync(`${folder}/shared`, { recursive: true, force: true });
makeWorkspace("there");
let killed = 0;
/** By action. */
const killsOf = new Map();
const said = await timed(`the same with ${values.kills} workers killed`, async () => {
  const building = start(tenon("build", "-C", away), { env: environmentOf(away), ...limit });
  const timer = setInterval(() => void killOne(), 700);
  const ended = await building.ended.finally(() => clearInterval(timer));
  if (ended.code !== 0) throw new Error(ended.stderr);
  return ended.stderr;
});
const replaced = said.match(/another one is started/g)?.length ?? 0;
const twice = [...said.matchAll(/ built (\S+) /g)].map(([, name]) => name);
process.stdout.write(
  `${killed} workers killed, ${replaced} replaced, ${twice.length - new Set(twice).size} packages told as built twice\n`,
);
compare(local, away);

function makeWorkspace(/** @type {string} */ name) {
  const workspace = `${folder}/${name}`;
  mkdirSync(`${workspace}/packages`, { recursive: true });
  writeFileSync(
    `${workspace}/tenon.toml`,
    name === "here"
      ? ""
      : `[execution]\nurl = "${url}"\n${storage}${platform}jobs = 2\nat-once = 4\nshortest = 0\nstore = "${store}"\n`,
  );
  for (let at = 0; at < count; at += 1) {
    const needs = [at - 4, at - 5].filter((need) => need >= 0).map((need) => `"p${need}"`);
    const calls = needs.map((need) => ` + ${need.slice(1, -1)}()`).join("");
    const links = needs.map((need) => ` -l${need.slice(1, -1)}`).join("");
    const heads = needs.map((need) => `int ${need.slice(1, -1)}(void);`).join(" ");
    writeFileSync(
      `${workspace}/packages/p${at}.toml`,
      `name = "p${at}"
version = "1"
depends.run = [${needs.join(", ")}]
[build]
script = """
sleep ${values.seconds}
echo 'const char *where${at} = "'$PREFIX'"; ${heads} int p${at}(void) { return 1${calls}; }' >p.c
mkdir -p $PREFIX/lib
cc -O2 -g -fPIC -shared $LDFLAGS -o $PREFIX/lib/libp${at}.so p.c${links}
"""
`,
    );
  }
  return workspace;
}

function environmentOf(/** @type {string} */ workspace) {
  return { ...process.env, TENON_STORE: `${workspace}/store` };
}

function build(/** @type {string} */ workspace) {
  return must(tenon("build", "-j2", "-C", workspace), { env: environmentOf(workspace), ...limit });
}

/** Every key of both stores has one artifact. */
function compare(/** @type {string} */ one, /** @type {string} */ other) {
  const [here, there] = [one, other].map((workspace) =>
    readdirSync(`${workspace}/store/keys`).map((file) => {
      const text = readFileSync(`${workspace}/store/keys/${file}`, "utf8");
      return `${file} ${JSON.parse(text).artifact}`;
    }),
  );
  const equal = here.filter((line) => there.includes(line)).length;
  process.stdout.write(`${equal} of ${count} keys have the same artifact in both stores\n`);
  if (equal !== count) process.exitCode = 1;
}

/** One worker of this proof that has begun to build. */
async function killOne() {
  if (killed >= Number(values.kills)) return;
  for (const name of readdirSync("/proc").filter((each) => /^\d+$/.test(each))) {
    const words = commandOf(name).split("\0");
    const at = words.indexOf("execute");
    if (at < 0 || !words[0]?.endsWith("node") || !words.includes(store)) continue;
    const action = actionOf(name, words[at + 1] ?? "");
    if (action === undefined || action.includes('"kind":"probe"')) continue;
    const times = killsOf.get(action) ?? 0;
    if (times >= 2) continue; // five lost workers of one package are a failure
    killsOf.set(action, times + 1);
    killed += 1;
    await run(["kill", "-KILL", name]);
    return;
  }
}

function actionOf(/** @type {string} */ process, /** @type {string} */ path) {
  try {
    return readFileSync(`${resolve(`/proc/${process}/cwd`, path)}/action.json`, "utf8");
  } catch {
    return undefined; // it has ended
  }
}

function commandOf(/** @type {string} */ process) {
  try {
    return readFileSync(`/proc/${process}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

async function timed(/** @type {string} */ what, /** @type {() => Promise<any>} */ act) {
  const startMs = performance.now();
  const result = await act();
  process.stdout.write(`${what}: ${((performance.now() - startMs) / 1000).toFixed(1)} s\n`);
  return result;
}
