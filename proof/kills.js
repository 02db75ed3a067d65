/**
 * Kills an upgrade and its rollback before every system call that changes something. With
 * `--on overlay`, `--on weak` or `--on bindfs`, on a file system that cannot rename all, or not in each
 * way. With `--relocating`, what is killed is a build that has nothing to build: it has the files of packages
 * that were built for another prefix name this one, and joins them; undisturbed, it has to end well after each kill.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { parseArgs } from "node:util";
import { prepareBuilt } from "./kills-relocating.js";
import { cover, coverAgain, enterPlace, optionsOn, uncover } from "./places.js";
import { howItEnded, must, run, temporaryFolder } from "./processes.js";
import { requireTenon, tenon } from "./program.js";
import { printTable } from "./table.js";
import { differences, readTree, writeFiles } from "./trees.js";

const { values } = parseArgs({
  options: {
    error: { type: "string" },
    on: { type: "string" },
    relocating: { type: "boolean", default: false },
    parallel: { type: "string", default: "2" },
    commands: { type: "string", default: "install,rollback" },
    calls: { type: "string" },
    "at-most": { type: "string" },
  },
});
const { on } = values;
enterPlace(on);
const kinds =
  values.calls?.split(",") ??
  [
    "renameat2 rename renameat link linkat symlink symlinkat unlink unlinkat rmdir mkdir mkdirat",
    "openat open creat write pwrite64 writev copy_file_range sendfile ftruncate fchmod chmod",
    "fchmodat chown fchown lchown fchownat setxattr lsetxattr fsetxattr fsync fdatasync syncfs",
    "utimensat fcntl",
  ].flatMap((line) => line.split(" "));
/** Node and koffi open, write and sync much elsewhere; an error there says nothing of tenon. */
const alsoElsewhere = new Set(["fcntl", "fsync", "openat", "open", "write", "pwrite64", "writev"]);

const strace = spawnSync("strace", ["--version"]);
if (strace.status !== 0) {
  process.stderr.write("strace is missing: apt-get install strace\n");
  process.exit(4);
}
requireTenon();
const beta = Object.fromEntries(
  ["bin/beta", "share/common/beta", "lib/python3/site-packages/ns/beta.py", "etc/beta"].map(
    (file) => [file, "beta\n"],
  ),
);
const foreign = {
  "share/common/mine": "mine\n",
  "lib/python3/site-packages/alpha/mine.txt": "mine\n",
};
const folder = temporaryFolder("kills");
const totals = { passed: 0, failed: 0 };
for (const command of values.commands.split(",")) await proveAll(command);
process.stdout.write(`${totals.passed} passed, ${totals.failed} failed\n`);
process.exit(totals.failed === 0 ? 0 : 1);

async function proveAll(command) {
  const worlds = [];
  for (let number = 0; number < Number(values.parallel); number += 1)
    worlds.push(await makeWorld(command, `${folder}/${command}-${number}`));
  const found = await trace(worlds[0]);
  const rows = [];
  for (const [kind, ordinals] of found) rows.push(await proveKind(kind, ordinals, worlds));
  const head = [
    "calls",
    "tried",
    "killed",
    "error",
    "went on",
    "untouched",
    "old",
    "new",
    "failures",
  ];
  printTable([command, ...head], rows);
}

/** A prefix before the change, saved; what it is afterwards comes from an undisturbed run. */
async function makeWorld(command, root) {
  const world = { live: `${root}/live`, saved: `${root}/saved`, log: `${root}/trace` };
  Object.assign(world, { prefix: `${world.live}/prefix`, stage: `${world.live}/stage` });
  mkdirSync(world.prefix, { recursive: true });
  await must(await prepare(world, { name: "alpha", version: 1, files: alpha(1), links: link(1) }));
  await must(await prepare(world, { name: "beta", version: 1, files: beta, links: {} }));
  writeFiles(world.prefix, foreign);
  const second = { name: "alpha", version: 2, files: alpha(2), links: link(2) };
  world.command = await prepare(world, second);
  if (command === "rollback") {
    await must(world.command);
    world.command = tenon("rollback", "--prefix", world.prefix, ...optionsOn(on));
  }
  await must(["cp", "-a", world.live, world.saved]);
  world.before = readTree(world.live);
  [world.old, world.wholeStage] = [treeOf(world), stageOf(world)];
  const { stderr } = await must(world.command);
  world.new = treeOf(world);
  if (/\] built /.test(stderr)) throw new Error(`what was built is not relocated: ${stderr}`);
  if (differences(world.old, world.new).length === 0) throw new Error(`${command} changes nothing`);
  await must(tenon("verify", "--prefix", world.prefix));
  return world;
}

/** What the command, which is given, joins. */
async function prepare(world, joined) {
  if (values.relocating) return prepareBuilt(world, joined);
  const { name, version, files, links } = joined;
  rmSync(world.stage, { recursive: true, force: true });
  writeFiles(world.stage, files);
  for (const [file, target] of Object.entries(links)) symlinkSync(target, `${world.stage}/${file}`);
  const about = ["--name", name, "--version", String(version)];
  const where = ["--stage", world.stage, "--prefix", world.prefix];
  return tenon("install", ...about, ...where, ...optionsOn(on));
}

function link(version) {
  return { "lib/libalpha.so": `libalpha.so.${version}` };
}

/** The second version moves a file, and turns a directory into a file and a file into one. */
function alpha(version) {
  const site = "lib/python3/site-packages";
  const text = `alpha ${version}\n`;
  const common = ["bin/alpha", `lib/libalpha.so.${version}`, "share/common/alpha"];
  const modules = [`${site}/alpha/__init__.py`, `${site}/alpha/a.py`, `${site}/ns/alpha.py`];
  const first = ["lib/alpha/moves", "lib/alpha/thing/one", "lib/alpha/thing/two", "etc/alpha"];
  const second = ["share/alpha/moves", "lib/alpha/thing", "etc/alpha/conf", "lib/alpha/added"];
  const files = [...common, ...modules, ...(version === 1 ? first : second)];
  const same = { "include/alpha.h": "the same\n" };
  const moved = files.map((file) => [file, file.endsWith("/moves") ? "it moves\n" : text + file]);
  return { ...Object.fromEntries(moved), ...same };
}

function treeOf(world) {
  return readTree(world.prefix, (place) => place === "var/lib/tenon");
}

function stageOf(world) {
  return readTree(world.stage);
}

async function restore(world) {
  uncover(world.live);
  rmSync(world.live, { recursive: true, force: true });
  await must(["cp", "-a", world.saved, world.live]);
  cover(on, world.live);
}

/** Kind of call → which of them, counted as strace counts: for each thread by itself. */
async function trace(world) {
  await restore(world);
  const all = kinds.map((kind) => `?${kind}`).join(",");
  await must([
    "strace",
    "-f",
    "-y",
    "-qq",
    "-o",
    world.log,
    "-e",
    `trace=${all}`,
    ...world.command,
  ]);
  const threads = new Map();
  const found = new Map();
  for (const line of readFileSync(world.log, "utf8").split("\n")) {
    const [, thread, kind] = /^(\d+) +(\w+)\(/.exec(line) ?? [];
    if (kind === undefined) continue;
    const ordinal = (threads.get(`${thread} ${kind}`) ?? 0) + 1;
    threads.set(`${thread} ${kind}`, ordinal);
    if (!found.has(kind)) found.set(kind, new Set());
    if (!values.error || !alsoElsewhere.has(kind) || line.includes(world.live))
      found.get(kind).add(ordinal);
  }
  return new Map(kinds.filter((kind) => found.has(kind)).map((kind) => [kind, found.get(kind)]));
}

/**
 * Kills go on until a run survives; errors, and no more than `--at-most` kills of a kind, are given
 * to the calls that were counted.
 */
async function proveKind(kind, ordinals, worlds) {
  const row = {
    tried: 0,
    killed: 0,
    error: 0,
    survived: 0,
    untouched: 0,
    old: 0,
    new: 0,
    failures: 0,
  };
  const waiting = spread([...ordinals].sort((a, b) => a - b));
  let next = 0;
  let isOver = false;
  const isCounted = values.error !== undefined || values["at-most"] !== undefined;
  const take = () => (isCounted ? waiting.shift() : isOver ? undefined : ++next);
  const work = async (world) => {
    for (let ordinal = take(); ordinal !== undefined; ordinal = take()) {
      const how = await prove(kind, ordinal, world, row);
      if (how === "survived") isOver = true;
    }
  };
  await Promise.all(worlds.map(work));
  const { tried, killed, error, survived, untouched, failures } = row;
  return [
    kind,
    ordinals.size,
    tried,
    killed,
    error,
    survived,
    untouched,
    row.old,
    row.new,
    failures,
  ];
}

/** As many as are wanted of a list, from all over it. */
function spread(all) {
  const count = Math.min(all.length, Number(values["at-most"] ?? all.length));
  return Array.from(
    { length: count },
    (_, at) => all[Math.floor(((at + 0.5) * all.length) / count)],
  );
}

async function prove(kind, ordinal, world, row) {
  await restore(world);
  const what = values.error ? `error=${values.error}` : "signal=SIGKILL";
  const inject = `inject=${kind}:${what}:when=${ordinal}`;
  const options = ["-f", "-qq", "-o", "/dev/null", "-e", `trace=${kind}`, "-e", inject];
  const ended = await run(["strace", ...options, ...world.command]);
  const how =
    ended.signal !== null || (ended.code ?? 0) > 128 ? "killed" : ended.code ? "error" : "survived";
  row.tried += 1;
  row[how] += 1;
  const complaints = [
    ...complaintsAboutEnd(ended, how),
    ...(await complaintsAboutState(world, row, how)),
  ];
  totals[complaints.length === 0 ? "passed" : "failed"] += 1;
  if (complaints.length === 0) return how;
  row.failures += 1;
  const shown = complaints
    .slice(0, 12)
    .map((line) => `    ${line}\n`)
    .join("");
  process.stdout.write(`FAILED: ${inject}, ${howItEnded(ended)}\n${shown}`);
  return how;
}

function complaintsAboutEnd(ended, how) {
  const said = `${ended.stdout}${ended.stderr}`.trim();
  if (ended.late) return ["the command did not end in time"];
  if (values.error) return ended.code === 70 ? [`exit 70: ${said}`] : [];
  return how === "error"
    ? [`exit ${ended.code}, though nothing but a kill was asked for: ${said}`]
    : [];
}

/** Where not even tenon's own folder changed, there is nothing to recover. */
async function complaintsAboutState(world, row, how) {
  if (how !== "survived" && differences(world.before, readTree(world.live)).length === 0) {
    row.untouched += 1;
    return [];
  }
  coverAgain(on, world.live);
  const complaints = [];
  const recovered = await run(tenon("recover", "--prefix", world.prefix));
  if (recovered.code !== 0)
    complaints.push(`recover: ${howItEnded(recovered)}: ${recovered.stderr}`.trim());
  const verified = await run(tenon("verify", "--prefix", world.prefix));
  if (verified.code !== 0)
    complaints.push(`verify: ${howItEnded(verified)}: ${verified.stdout}${verified.stderr}`.trim());
  const tree = treeOf(world);
  const [fromOld, fromNew] = [differences(world.old, tree), differences(world.new, tree)];
  if (fromNew.length === 0) row.new += 1;
  else if (fromOld.length === 0) row.old += 1;
  if (fromNew.length === 0) return complaints;
  if (fromOld.length > 0) {
    const fewer = fromOld.length < fromNew.length ? ["old", fromOld] : ["new", fromNew];
    return [...complaints, `neither old nor new; from the ${fewer[0]}:`, ...fewer[1]];
  }
  if (how === "survived") complaints.push("exit 0, but the prefix is the old one");
  if (values.relocating) return [...complaints, ...(await complaintsAboutNext(world))];
  const lost = differences(world.wholeStage, stageOf(world));
  return [...complaints, ...lost.map((line) => `the stage of the old prefix: ${line}`)];
}

/** What was left half made must not come into the prefix, or stop a build, later (I12). */
async function complaintsAboutNext(world) {
  const again = await run(world.command);
  const verified = await run(tenon("verify", "--prefix", world.prefix));
  if (again.code === 0 && verified.code === 0 && differences(world.new, treeOf(world)).length === 0)
    return [];
  return [
    `again: ${howItEnded(again)}, verify: ${howItEnded(verified)}: ${again.stderr}${verified.stdout}`,
  ];
}
