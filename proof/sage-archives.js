/**
 * Puts into a checkout's upstream/ what Debian has of its archives: the upstream tarballs of its source
 * packages that have the very digests of the checkout's checksums.ini, whatever they are called there.
 * What apt knows of the machine is left as it is; it needs dpkg-dev.
 */
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { archivesOf, requireConfigured } from "./sage-checkout.js";
import { must, run, temporaryFolder } from "./processes.js";

const [checkout] = process.argv.slice(2);
requireConfigured(checkout, "node proof/sage-archives.js CHECKOUT");
const limit = { timeoutMs: 600_000 };
const root = temporaryFolder("archives");
const upstream = `${checkout}/upstream`;
mkdirSync(upstream, { recursive: true });

const wanted = new Map(archivesOf(checkout).map((one) => [one.sha256, one]));
for (const [sha256, { file }] of wanted) {
  if (digest(`${upstream}/${file}`) === sha256) wanted.delete(sha256);
}
const apt = await openApt();
for (const [sha256, names] of await find(apt)) {
  const target = wanted.get(sha256)?.file;
  /** @type {string | undefined} */
  let said = "";
  for (const name of names) {
    said = await take(name, sha256, `${upstream}/${target}`);
    if (said === undefined) break;
  }
  process.stdout.write(`${target}: ${said ?? `of ${names.join(", ")}`}\n`);
}

/** Why not, if not: the lists may know more than the server has. */
async function take(name, sha256, target) {
  const folder = `${root}/${name}`;
  mkdirSync(folder);
  const at = { ...limit, cwd: folder };
  const { stderr } = await run([...apt, "source", "--download-only", name], at);
  const file = readdirSync(folder).find((each) => digest(`${folder}/${each}`) === sha256);
  if (file === undefined) return stderr.trim().split("\n")[0];
  copyFileSync(`${folder}/${file}`, target);
  return undefined;
}

/** Lists of their own, of all releases: which has which version changes. */
async function openApt() {
  const state = `${root}/apt`;
  mkdirSync(`${state}/lists/partial`, { recursive: true });
  const all = await run(["sh", "-c", "cat /etc/apt/sources.list.d/*.sources"], limit);
  const [, place = ""] = /^URIs: *(\S+)/m.exec(all.stdout) ?? [];
  const suites = ["bookworm", "trixie", "forky", "sid", "experimental"];
  const lines = suites.map((suite) => `deb-src ${place} ${suite} main\n`);
  writeFileSync(`${state}/sources.list`, lines.join(""));
  const options = {
    "Dir::Etc::SourceList": `${state}/sources.list`,
    "Dir::Etc::SourceParts": "-",
    "Dir::State::Lists": `${state}/lists`,
    "APT::Sandbox::User": "root",
  };
  const told = Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  await must(["apt-get", ...told, "update"], limit);
  return ["apt-get", ...told];
}

/** By digest, the source packages that have it. */
async function find(command) {
  const [, ...told] = command;
  const format = ["indextargets", "--format", "$(FILENAME)", "Created-By: Sources"];
  const lists = (await must([...command, ...format], limit)).stdout.split("\n").filter(Boolean);
  const found = new Map();
  for (const list of lists) {
    const read = ["/usr/lib/apt/apt-helper", ...told, "cat-file", list];
    for (const text of (await must(read, limit)).stdout.split("\n\n")) {
      const [, source] = /^Package: (.*)$/m.exec(text) ?? [];
      const [, version] = /^Version: (.*)$/m.exec(text) ?? [];
      for (const [sha256] of text.matchAll(/\b[0-9a-f]{64}\b/g)) {
        if (!wanted.has(sha256)) continue;
        found.set(sha256, (found.get(sha256) ?? new Set()).add(`${source}=${version}`));
      }
    }
  }
  return new Map([...found].map(([sha256, names]) => [sha256, [...names]]));
}

function digest(file) {
  if (!existsSync(file)) return undefined;
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}
