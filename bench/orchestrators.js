/**
 * A stack of small packages in layers, each made by a script in a process of its own: what an orchestrator itself takes.
 * tenon beside BuildStream 2 and GNU make, which runs the same scripts and copies what they make with `cp`.
 *
 * Each is measured from nothing, with nothing to do, and with one package of the last layer changed. BuildStream is
 * `bst` on the PATH, with bubblewrap; what is missing is left out with a word. Its sandbox has no machine below it, so it gets
 * BusyBox, which has to be static, as its first element.
 */
import { chmodSync, copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { run, temporaryFolder } from "../proof/processes.js";
import { requireTenon, tenon } from "../proof/program.js";
import { printTable } from "../proof/table.js";
import { measure, median, watchedTenon, wholeNumber } from "./measure.js";

const { values } = parseArgs({
  options: {
    packages: { type: "string", default: "200" },
    layers: { type: "string", default: "10" },
    jobs: { type: "string", default: "2" },
    runs: { type: "string", default: "3" },
    only: { type: "string", default: "tenon,make,bst" },
  },
});
const [count, layers, jobs, runs] = ["packages", "layers", "jobs", "runs"].map((name) =>
  wholeNumber(name, values[name]),
);
const only = new Set(values.only.split(","));
const width = Math.ceil(count / layers);
/** Each but those of the first layer needs three of the layer before. */
const packages = Array.from({ length: count }, (_, number) => {
  const layer = Math.floor(number / width);
  const before = [0, 1, 7].map((step) => (layer - 1) * width + ((number + step) % width));
  return { name: `p${number}`, needs: layer === 0 ? [] : [...new Set(before)].map((n) => `p${n}`) };
});
const leaf = packages[packages.length - 1];

/** Prints the wall time of a command, and the processor time of it and of all that it starts. */
const stopwatch = `
import json, resource, subprocess, sys, time
started = time.monotonic()
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
wall = time.monotonic() - started
used = resource.getrusage(resource.RUSAGE_CHILDREN)
if done.returncode: sys.exit(done.stderr.decode()[-2000:])
print(json.dumps({"wallMs": wall * 1e3, "processorMs": (used.ru_utime + used.ru_stime) * 1e3}))`;

requireTenon();
const folder = temporaryFolder("orchestrators");
process.stdout.write(
  `${count} packages in ${layers} layers, -j${jobs}, load ${loadavg()[0].toFixed(1)} before\n\n`,
);
const ways = { tenon: tenonWay, make: makeWay, bst: buildStreamWay };
const rows = [];
for (const [name, way] of Object.entries(ways))
  if (only.has(name)) await compare(name, await way());
printTable(
  [
    "",
    "all s",
    "own ms a package",
    "processor ms a package",
    "nothing to do ms",
    "a leaf changed ms",
  ],
  rows,
);

/** `processor`: of it and of all that it started; `own`: of tenon's own process, where that is known. */
async function compare(name, way) {
  if (way === undefined) return;
  /** @type {Record<"all" | "own" | "processor" | "nothing" | "leaf", number[]>} */
  const found = { all: [], own: [], processor: [], nothing: [], leaf: [] };
  for (let round = 0; round < runs; round += 1) {
    way.clear();
    way.writeLeaf(`first of round ${round}`);
    const all = await timed(way.build, way.env);
    found.all.push(all.wallMs / 1000);
    found.processor.push(all.processorMs / count);
    if (way.watched !== undefined) {
      way.clear();
      const usageFile = `${folder}/usage`;
      found.own.push((await measure(way.watched, { env: way.env, usageFile })).cpuMs / count);
    }
    // What was changed in the last two seconds is looked at anew.
    await setTimeout(2500);
    await timed(way.build, way.env);
    found.nothing.push((await timed(way.build, way.env)).wallMs);
    way.writeLeaf(`second of round ${round}`);
    found.leaf.push((await timed(way.build, way.env)).wallMs);
  }
  const text = (each, digits) => (each.length > 0 ? median(each).toFixed(digits) : "");
  const { all, own, processor, nothing, leaf: leaves } = found;
  const perPackage = [all, own, processor].map((each) => text(each, 1));
  rows.push([name, ...perPackage, text(nothing, 0), text(leaves, 0)]);
}

async function timed(command, env) {
  const { stdout } = await measure(["python3", "-c", stopwatch, ...command], { env });
  return JSON.parse(stdout);
}

function scriptOf(name, text, to) {
  return `mkdir -p "${to}/share"; echo "${text}" >"${to}/share/${name}"`;
}

function tenonWay() {
  const workspace = `${folder}/tenon`;
  mkdirSync(`${workspace}/packages`, { recursive: true });
  writeFileSync(`${workspace}/tenon.toml`, `[workspace]\nprefix = "prefix"\n`);
  const write = ({ name, needs }, text) =>
    writeFileSync(
      `${workspace}/packages/${name}.toml`,
      `name = "${name}"\nversion = "1"\n[depends]\nbuild = ${JSON.stringify(needs)}\n` +
        `[build]\nsystem = "script"\nscript = '${scriptOf(name, text, "$PREFIX")}'\n`,
    );
  for (const each of packages) write(each, "first");
  const build = ["build", "-C", workspace, `-j${jobs}`, "--no-sync"];
  return {
    build: tenon(...build),
    watched: watchedTenon(...build),
    env: { TENON_STORE: `${folder}/store`, XDG_CACHE_HOME: `${folder}/cache` },
    clear: () => {
      for (const each of [`${workspace}/prefix`, `${workspace}/.tenon`, `${folder}/store`])
        rmSync(each, { recursive: true, force: true });
    },
    writeLeaf: (text) => write(leaf, text),
  };
}

/** The scripts are files, so that a changed one is made again. */
function makeWay() {
  const place = `${folder}/make`;
  mkdirSync(`${place}/scripts`, { recursive: true });
  const write = ({ name }, text) =>
    writeFileSync(`${place}/scripts/${name}`, `${scriptOf(name, text, `stage/${name}`)}\n`);
  for (const each of packages) write(each, "first");
  const rules = packages.map(
    ({ name, needs }) =>
      `done/${name}: scripts/${name} ${needs.map((need) => `done/${need}`).join(" ")}\n` +
      `\t@sh scripts/${name} && cp -Rp stage/${name}/. prefix/ && touch $@\n`,
  );
  const all = packages.map(({ name }) => `done/${name}`).join(" ");
  writeFileSync(
    `${place}/Makefile`,
    `MAKEFLAGS += -r\nall: ${all}\n.PHONY: all\n${rules.join("")}`,
  );
  const clear = () => {
    for (const each of ["stage", "done", "prefix"]) {
      rmSync(`${place}/${each}`, { recursive: true, force: true });
      mkdirSync(`${place}/${each}`);
    }
  };
  return {
    build: ["make", "-C", place, `-j${jobs}`],
    env: {},
    clear,
    writeLeaf: (text) => write(leaf, text),
  };
}

async function buildStreamWay() {
  const lacking = await lacksForBuildStream();
  if (lacking !== undefined) {
    process.stderr.write(`BuildStream is left out: ${lacking}\n`);
    return undefined;
  }
  const place = `${folder}/bst`;
  mkdirSync(`${place}/elements`, { recursive: true });
  mkdirSync(`${place}/base/bin`, { recursive: true });
  for (const each of ["busybox", "sh", "mkdir", "echo"]) {
    copyFileSync("/bin/busybox", `${place}/base/bin/${each}`);
    chmodSync(`${place}/base/bin/${each}`, 0o755);
  }
  writeFileSync(
    `${place}/project.conf`,
    "name: layers\nmin-version: 2.0\nelement-path: elements\n",
  );
  writeFileSync(
    `${place}/elements/base.bst`,
    "kind: import\nsources:\n- kind: local\n  path: base\n",
  );
  const write = ({ name, needs }, text) => {
    const script = scriptOf(name, text, "%{install-root}");
    const build = ["base", ...needs].map((need) => `- ${need}.bst\n`).join("");
    writeFileSync(
      `${place}/elements/${name}.bst`,
      `kind: manual\nbuild-depends:\n${build}config:\n  install-commands:\n  - '${script}'\n`,
    );
  };
  for (const each of packages) write(each, "first");
  const names = packages.map(({ name }) => `- ${name}.bst\n`).join("");
  writeFileSync(`${place}/elements/all.bst`, `kind: stack\ndepends:\n${names}`);
  const build = ["bst", "--builders", String(jobs), "-C", place, "build", "all.bst"];
  return {
    build,
    env: { XDG_CACHE_HOME: `${folder}/bst-cache` },
    clear: () => rmSync(`${folder}/bst-cache`, { recursive: true, force: true }),
    writeLeaf: (text) => write(leaf, text),
  };
}

async function lacksForBuildStream() {
  for (const program of ["bst", "bwrap"])
    if ((await run([program, "--version"])).code !== 0) return `${program} cannot be run`;
  return existsSync("/bin/busybox") ? undefined : "there is no /bin/busybox";
}
