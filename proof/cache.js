/**
 * A shared cache: the quickstart (or the workspace of --workspace) is built and pushed by one user, and taken by another one
 * with another prefix, an empty store and no compiler on PATH: from a folder, from nginx and from docker-registry where these
 * are to be had (--nginx FILE, --registry FILE), and from a server that breaks in the middle in several ways. What was
 * taken is verified against the signatures, and the prefix has to be as the one of a build without a cache.
 */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { createServer } from "node:http";
import { parseArgs } from "node:util";
import { must, run, start, temporaryFolder } from "./processes.js";
import { requireTenon, tenon } from "./program.js";
import { printTable } from "./table.js";

const { values } = parseArgs({
  options: {
    workspace: { type: "string", default: "examples/quickstart" },
    nginx: { type: "string" },
    registry: { type: "string" },
    folder: { type: "string" },
    python: { type: "string", default: "/usr/bin/python3" },
    minutes: { type: "string", default: "60" },
  },
});
const limit = { timeoutMs: Number(values.minutes) * 60_000 };
const ports = { nginx: 18_471, registry: 18_472, broken: 18_473 };

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

const first = user("first");
await must(tenon("key", "new", "ci"), { env: first.env });
const line = /"(.*)"/.exec((await must(tenon("key"), { env: first.env })).stdout)?.[1] ?? "";
settings(first, { url: cache, push: cache });
const built = await timed(() =>
  must(tenon("build", "-C", first.workspace), { env: first.env, ...limit }),
);
const pushed = await timed(() =>
  must(tenon("push", "-C", first.workspace), { env: first.env, ...limit }),
);
process.stdout.write(pushed.value.stdout);
const expected = listPrefix(first.prefix);

let users = 0;
const rows = [["built here", "", showSeconds(built.ms), "", ""]];
await takeFrom("a folder", cache);
if (values.nginx !== undefined) await withNginx((url) => takeFrom("nginx", url));
if (values.registry !== undefined) await withRegistry((url) => takeFrom("docker-registry", url));
for (const [name, spoil] of Object.entries(spoils()))
  await withBroken(spoil, (url) => takeFrom(name, url, { isBroken: true }));
printTable(["from", "what tenon says", "time", "of the build", "right"], rows);
process.exitCode = rows.slice(1).every(([, , , , isRight]) => isRight === "yes") ? 0 : 1;

function user(name) {
  const home = `${folder}/${name}`;
  const workspace = `${home}/workspace`;
  fs.cpSync(values.workspace, workspace, { recursive: true });
  for (const state of [".tenon", "prefix"])
    fs.rmSync(`${workspace}/${state}`, { recursive: true, force: true });
  const { XDG_CONFIG_HOME: _others, ...mine } = process.env;
  const env = { ...mine, HOME: home, TENON_STORE: `${home}/store` };
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

/** As another user where this one may become one. */
async function takeFrom(name, url, { isBroken = false } = {}) {
  users += 1;
  const other = user(`other-${users}`);
  settings(other, { url });
  const asOther = process.getuid?.() === 0 && !isBroken;
  if (asOther) spawnSync("chown", ["-R", "nobody", other.home]);
  const who = asOther ? ["setpriv", "--reuid=nobody", "--clear-groups"] : [];
  const path = isBroken ? process.env.PATH : emptyPath;
  const how = { env: { ...other.env, PATH: path }, ...limit };
  const command = who.map((each) => (each === "setpriv" ? "/usr/bin/setpriv" : each));
  const taken = await timed(() => run([...command, ...tenon("build", "-C", other.workspace)], how));
  const said = taken.value.stdout.trim().split("\n").at(-1) ?? "";
  const verified = await run([...command, ...tenon("verify", "-C", other.workspace)], how);
  const isWhole = taken.value.code === 0 && verified.code === 0;
  const isSame = isWhole && listPrefix(other.prefix) === expected;
  const isRight = isSame && (isBroken || /\b0 packages built/.test(said));
  rows.push([
    name,
    said,
    showSeconds(taken.ms),
    `${((100 * taken.ms) / built.ms).toFixed(1)} %`,
    isRight ? "yes" : "NO",
  ]);
  process.stdout.write(
    `${name}: ${said}\n${(verified.stdout.match(/.* traced to .*/) ?? [""])[0]}\n`,
  );
  if (!isRight) process.stdout.write(`${taken.value.stderr}${verified.stdout}\n`);
  fs.rmSync(other.home, { recursive: true, force: true });
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

async function timed(action) {
  const fromMs = performance.now();
  const value = await action();
  return { value, ms: performance.now() - fromMs };
}

function showSeconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}

function findProgram(name) {
  return spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).stdout.trim();
}

function linkProgram(name) {
  const found = findProgram(name);
  if (found !== "") fs.symlinkSync(found, `${emptyPath}/${name}`);
}

async function withNginx(action) {
  const place = `${folder}/nginx`;
  fs.mkdirSync(place, { recursive: true });
  fs.writeFileSync(
    `${place}/nginx.conf`,
    `daemon off; pid ${place}/pid; error_log ${place}/error.log; events {}
http { access_log off; client_body_temp_path ${place}/body; proxy_temp_path ${place}/proxy; fastcgi_temp_path ${place}/fastcgi;
uwsgi_temp_path ${place}/uwsgi; scgi_temp_path ${place}/scgi;
server { listen 127.0.0.1:${ports.nginx}; location /stack/ { alias ${cache}/; } } }\n`,
  );
  const server = start([values.nginx ?? "nginx", "-c", `${place}/nginx.conf`, "-p", place], limit);
  await untilUp(ports.nginx);
  await action(`http://127.0.0.1:${ports.nginx}/stack`);
  server.kill();
}

async function withRegistry(action) {
  const place = `${folder}/registry`;
  fs.mkdirSync(place, { recursive: true });
  const settingsFile = `${place}/config.yml`;
  fs.writeFileSync(
    settingsFile,
    `version: 0.1\nlog: { level: error }\nstorage: { filesystem: { rootdirectory: ${place} } }\nhttp: { addr: "127.0.0.1:${ports.registry}" }\n`,
  );
  const server = start([values.registry ?? "docker-registry", "serve", settingsFile], limit);
  await untilUp(ports.registry);
  const url = `oci+http://127.0.0.1:${ports.registry}/team/stack`;
  const text = fs.readFileSync(`${first.workspace}/tenon.toml`, "utf8");
  fs.writeFileSync(
    `${first.workspace}/tenon.toml`,
    text.replaceAll(JSON.stringify(cache), JSON.stringify(url)),
  );
  const there = await must(tenon("push", "-C", first.workspace), { env: first.env, ...limit });
  process.stdout.write(there.stdout);
  await action(url);
  server.kill();
}

async function untilUp(port) {
  for (let tries = 0; tries < 100; tries += 1) {
    const isUp = await fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    );
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`nothing answers at port ${port}`);
}

/** What a server does with its answer number N; undefined for the right one. */
function spoils() {
  const later = (act) => (response, body, count) =>
    count > 12 ? act(response, body) : response.end(body);
  return {
    "a server that is killed": later((response) => response.destroy()),
    "a server that answers 500": later((response) => response.writeHead(500).end()),
    "a server that gives HTML": later((response) =>
      response.end("<html><body>Sign in</body></html>"),
    ),
    "a server that cuts": later((response, body) => {
      response.writeHead(200, { "content-length": body.length });
      response.write(body.subarray(0, body.length / 2), () => response.destroy());
    }),
    "a server that is slow": (response, body) => setTimeout(() => response.end(body), 200),
    "a server that gives other bytes": later((response, body) => {
      body[Math.floor(body.length / 2)] ^= 1;
      response.end(body);
    }),
  };
}

async function withBroken(spoil, action) {
  let count = 0;
  const server = createServer((request, response) => {
    const file = `${cache}${new URL(request.url ?? "/", "http://x").pathname}`;
    if (!fs.existsSync(file)) return response.writeHead(404).end();
    count += 1;
    return spoil(response, fs.readFileSync(file), count);
  });
  await new Promise((resolve) =>
    server.listen(ports.broken, "127.0.0.1", () => resolve(undefined)),
  );
  await action(`http://127.0.0.1:${ports.broken}`);
  server.closeAllConnections();
  server.close();
}
