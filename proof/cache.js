/**
 * A shared cache: the quickstart (or the workspace of --workspace) is built and pushed by one user, and taken by another one
 * with another prefix, an empty store and no compiler: from a folder, from nginx, docker-registry and buildbox-casd, open
 * ones and (but with --open) ones that want a password or a token (--servers DIR, as remote-servers.js prepares it), and with
 * --trouble from servers that are killed or break in the middle, and to places that are full. `--built` is a folder of
 * proof/sdists.js: what it has built is pushed, and its build's time is the one to compare with. What was taken is verified against the signatures, and
 * the prefix has to be as the one of a build without a cache. `--packages` takes a part of the workspace.
 */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { credentials, spoils, startBroken, startNginx, startRegistry } from "./cache-servers.js";
import { must, run, temporaryFolder } from "./processes.js";
import { startCasd } from "./remote-servers.js";
import { requireTenon, tenon } from "./program.js";
import { printTable } from "./table.js";
import { showSeconds, timed } from "./times.js";

const { values } = parseArgs({
  options: {
    workspace: { type: "string", default: "examples/quickstart" },
    packages: { type: "string", default: "" },
    built: { type: "string" },
    servers: { type: "string" },
    open: { type: "boolean", default: false },
    trouble: { type: "boolean", default: false },
    folder: { type: "string" },
    python: { type: "string", default: "/usr/bin/python3" },
    minutes: { type: "string", default: "60" },
  },
});
const limit = { timeoutMs: Number(values.minutes) * 60_000 };
const source = values.built ?? values.workspace;
const packages = values.packages.split(" ").filter(Boolean);
const debian = `${values.servers}/debian`;
const programs = {
  nginx: `${debian}/usr/sbin/nginx`,
  registry: `${debian}/usr/bin/docker-registry`,
};
const htpasswd = [`${debian}/usr/bin/htpasswd`, `${debian}/usr/lib/x86_64-linux-gnu`];

requireTenon();
const folder = fs.realpathSync(values.folder ?? temporaryFolder("cache"));
fs.chmodSync(folder, 0o755);
const cache = `${folder}/cache`;
/** Without a compiler, so that nobody can have built in secret. */
const emptyPath = `${folder}/bin`;
fs.mkdirSync(emptyPath, { recursive: true });
/** By its path, for the folder of compilers is not on PATH; one that every user may run. */
const { python } = values;
for (const name of ["sh", "env", "tar", "git"]) linkProgram(name);

const first = user("first", values.built === undefined ? undefined : `${values.built}/store`);
await must(tenon("key", "new", "ci"), { env: first.env });
const line = /"(.*)"/.exec((await must(tenon("key"), { env: first.env })).stdout)?.[1] ?? "";
settings(first, { url: cache, push: cache });
const build = tenon("build", "-C", first.workspace, ...packages);
const here = await timed(build, { env: first.env, ...limit });
if (here.code !== 0) throw new Error(here.stderr);
const built =
  values.built === undefined
    ? here
    : JSON.parse(fs.readFileSync(`${values.built}/build-time.json`, "utf8"));
await push(cache);
const expected = listPrefix(first.prefix);

let users = 0;
const rows = [["built here", "", showSeconds(built.ms), "", showSeconds(built.cpuMs), "", ""]];
await takeFrom("a folder", cache);
if (values.servers !== undefined) {
  await takeFromNginx();
  for (const way of /** @type {const} */ (["open", "users", "tokens"]))
    if (way === "open" || !values.open) await takeFromRegistry(way);
  await takeFromCasd(values.servers);
}
if (values.trouble) await haveTrouble();
const head = [
  "from",
  "what tenon says",
  "time",
  "of the build",
  "processor",
  "of the build",
  "right",
];
printTable(head, rows);
process.exitCode = rows.slice(1).every((row) => row.at(-1) === "yes") ? 0 : 1;

async function takeFromNginx() {
  const nginx = await startNginx({ program: programs.nginx, place: `${folder}/nginx`, cache });
  const { user: name, password, token } = credentials;
  const at = (place, who = "") => `http://${who}127.0.0.1:${nginx.port}/${place}`;
  await takeFrom("nginx", at("stack"));
  if (values.open) return nginx.end();
  await takeFrom("nginx, with a password", at("users", `${name}:${password}@`));
  await takeFrom("nginx, with a token", at("tokens"), { token });
  await refused("nginx, with a wrong password", at("users", `${name}:wrong@`));
  await refused("nginx, with a wrong token", at("tokens"), "wrong");
  await nginx.end();
}

async function takeFromRegistry(/** @type {"open" | "users" | "tokens"} */ way) {
  const place = `${folder}/registry-${way}`;
  const registry = await startRegistry({ program: programs.registry, place, way, htpasswd });
  const { user: name, password } = credentials;
  const who = way === "open" ? "" : `${name}:${password}@`;
  const host = `127.0.0.1:${registry.port}/team/stack`;
  await push(`oci+http://${who}${host}`);
  const what = { open: "", users: ", with a password", tokens: ", with a server of tokens" }[way];
  await takeFrom(`docker-registry${what}`, `oci+http://${who}${host}`);
  if (way !== "open")
    await refused(`docker-registry${what}, a wrong one`, `oci+http://x:y@${host}`);
  if (way === "tokens") process.stdout.write(`${registry.given()} tokens given\n`);
  await registry.end();
}

async function takeFromCasd(servers) {
  const casd = await startCasd(servers, `${folder}/casd`);
  await push(`reapi://${casd.address}`);
  await takeFrom(casd.said, `reapi://${casd.address}`);
  await casd.end();
}

async function haveTrouble() {
  for (const [name, spoil] of Object.entries(spoils)) {
    const server = await startBroken(cache, spoil);
    await takeFrom(name, `http://127.0.0.1:${server.port}`, { isBroken: true });
    await server.end();
  }
  if (values.servers !== undefined) {
    const nginx = await startNginx({ program: programs.nginx, place: `${folder}/killed`, cache });
    const timer = setInterval(() => nginx.requests() >= 3 && void nginx.end(), 5);
    const url = `http://127.0.0.1:${nginx.port}/stack`;
    await takeFrom("nginx, killed in the middle", url, { isBroken: true });
    clearInterval(timer);
  }
  if (process.getuid?.() === 0) await fillPlaces();
}

/** A push to a place without room fails, and says so; what is there afterwards brings nobody anything wrong. */
async function fillPlaces() {
  const full = `${folder}/full`;
  fs.mkdirSync(full);
  await must(["mount", "-t", "tmpfs", "-o", "size=64k,mode=755", "none", full]);
  try {
    await pushInVain("a folder without room", full);
    await takeFrom("a folder without room", full, { isBroken: true });
    fs.rmSync(`${full}/blobs`, { recursive: true, force: true });
    if (values.servers === undefined) return;
    const place = `${folder}/registry-full`;
    const registry = await startRegistry({ program: programs.registry, place, root: full });
    const url = `oci+http://127.0.0.1:${registry.port}/team/stack`;
    await pushInVain("a registry without room", url);
    await takeFrom("a registry without room", url, { isBroken: true });
    await registry.end();
  } finally {
    await must(["umount", "-l", full]);
  }
}

async function pushInVain(name, url) {
  pointFirstTo(url);
  const { code, stderr } = await run(tenon("push", "-C", first.workspace, ...packages), {
    env: first.env,
    ...limit,
  });
  const said = stderr.split("\n").find((each) => each.startsWith("error")) ?? "";
  rows.push([`a push to ${name}`, said.slice(0, 100), "", "", "", "", code === 0 ? "NO" : "yes"]);
}

async function push(url) {
  pointFirstTo(url);
  const command = tenon("push", "-C", first.workspace, ...packages);
  const { stdout } = await must(command, { env: first.env, ...limit });
  process.stdout.write(`${stdout.trim().split("\n").at(-1)}\n`);
}

function pointFirstTo(url) {
  const file = `${first.workspace}/tenon.toml`;
  const text = fs.readFileSync(file, "utf8");
  const quoted = JSON.stringify(url);
  fs.writeFileSync(
    file,
    text.replaceAll(/^(url|push) = .*$/gm, (_, name) => `${name} = ${quoted}`),
  );
}

/** Whoever has no right credentials is told so; nothing is built. */
async function refused(name, url, token = "") {
  users += 1;
  const other = user(`other-${users}`);
  settings(other, { url });
  const env = { ...other.env, TENON_CACHE_TOKEN: token };
  const { stderr } = await run(tenon("build", "-n", "-C", other.workspace, ...packages), {
    env,
    ...limit,
  });
  const isTold = stderr.includes("wants other credentials") && !stderr.includes("wrong@");
  rows.push([
    name,
    isTold ? "it wants other credentials" : stderr,
    "",
    "",
    "",
    "",
    isTold ? "yes" : "NO",
  ]);
  fs.rmSync(other.home, { recursive: true, force: true });
}

function user(name, store = `${folder}/${name}/store`) {
  const home = `${folder}/${name}`;
  const workspace = `${home}/workspace`;
  const states = new Set([".tenon", "prefix", "store"].map((state) => path.join(source, state)));
  const filter = (from) => !states.has(from);
  fs.cpSync(source, workspace, { recursive: true, filter });
  const { XDG_CONFIG_HOME: _others, ...mine } = process.env;
  const env = { ...mine, HOME: home, TENON_STORE: store };
  return { name, home, workspace, prefix: `${home}/a/prefix/${name}`, env };
}

function settings(
  /** @type {ReturnType<typeof user>} */ { workspace, prefix },
  /** @type {{ url: string, push?: string }} */ { url, push },
) {
  const file = `${workspace}/tenon.toml`;
  const text = fs
    .readFileSync(file, "utf8")
    .replace(/^prefix = .*$/m, `prefix = ${JSON.stringify(prefix)}`)
    .replace(/^python = .*$/m, `python = ${JSON.stringify(python)}`);
  const more = push === undefined ? "" : `push = ${JSON.stringify(push)}\n`;
  const own = text.includes("prefix = ")
    ? text
    : `[workspace]\nprefix = ${JSON.stringify(prefix)}\n${text}`;
  fs.writeFileSync(
    file,
    `${own}\n[cache]\nurl = ${JSON.stringify(url)}\nkeys = ["${line}"]\n${more}`,
  );
}

/** As another user where this one may become one, and without a compiler. */
async function takeFrom(name, url, { isBroken = false, token = "" } = {}) {
  users += 1;
  const other = user(`other-${users}`);
  settings(other, { url });
  const asOther = process.getuid?.() === 0 && !isBroken;
  if (asOther) spawnSync("chown", ["-R", "nobody", other.home]);
  const who = asOther
    ? [...withoutCompiler(), "/usr/bin/setpriv", "--reuid=nobody", "--clear-groups"]
    : [];
  const PATH = isBroken ? process.env.PATH : emptyPath;
  const how = { env: { ...other.env, PATH, TENON_CACHE_TOKEN: token }, ...limit };
  const command = tenon("build", "-C", other.workspace, ...packages);
  const taken = await timed([...who, ...command], how);
  const said = taken.stdout.trim().split("\n").at(-1) ?? "";
  const verified = await run([...who, ...tenon("verify", "-C", other.workspace)], how);
  const isWhole = taken.code === 0 && verified.code === 0;
  const isSame = isWhole && listPrefix(other.prefix) === expected;
  const isRight = isSame && (isBroken || /\b0 packages built/.test(said));
  const share = (part, whole) => (isBroken ? "" : `${((100 * part) / whole).toFixed(1)} %`);
  rows.push([
    name,
    said,
    showSeconds(taken.ms),
    share(taken.ms, built.ms),
    showSeconds(taken.cpuMs),
    share(taken.cpuMs, built.cpuMs),
    isRight ? "yes" : "NO",
  ]);
  const [traced = ""] = verified.stdout.match(/.* traced to .*/) ?? [];
  process.stdout.write(`${name}: ${said}\n${traced}\n`);
  if (!isRight) process.stdout.write(`${taken.stderr}${verified.stdout}${verified.stderr}\n`);
  fs.rmSync(other.home, { recursive: true, force: true });
}

/** The compiler cannot be run in there, wherever it is looked for. */
function withoutCompiler() {
  const compiler = findProgram("cc");
  if (compiler === "") return [];
  const hide = 'mount --bind /dev/null "$0" && exec "$@"';
  return [
    "/usr/bin/unshare",
    "-m",
    "/bin/sh",
    "-c",
    `PATH=/usr/bin:/bin; ${hide}`,
    fs.realpathSync(compiler),
  ];
}

/** Paths, types and modes; the contents are what `verify` compares. */
function listPrefix(prefix) {
  const names = fs.readdirSync(prefix, { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => !name.startsWith("var") && !name.includes("__pycache__"))
    .map((name) => `${name} ${fs.lstatSync(`${prefix}/${name}`).mode.toString(8)}`)
    .sort()
    .join("\n");
}

function findProgram(name) {
  return spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).stdout.trim();
}

function linkProgram(name) {
  const found = findProgram(name);
  if (found !== "") fs.symlinkSync(found, `${emptyPath}/${name}`);
}
