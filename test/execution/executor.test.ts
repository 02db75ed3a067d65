/** What a client makes of its workers: of those that end well, those that fail, and those that are lost. */
import * as fs from "node:fs";
import { afterEach, expect, test } from "vitest";
import type { EventBody } from "../../src/core/index.ts";
import { digestOfManifest } from "../../src/core/index.ts";
import { writePack } from "../../src/execution/execute.ts";
import { type Executor, openExecutor } from "../../src/execution/executor.ts";
import { copyProgram } from "../../src/execution/program-copy.ts";
import { openSharedFolder } from "../../src/execution/shared-folder.ts";
import type { Execution } from "../../src/recipe/index.ts";
import { openStore } from "../../src/store/index.ts";
import { createSite, type Site, world, writeFiles } from "../builder/site.ts";

const sites: Site[] = [];
afterEach(() => {
  for (const site of sites.splice(0)) site.remove();
});

/** Does what the file beside it says, the first line first; a probe is always ready. */
const worker = `
import * as fs from "node:fs";
const [, , command, action, , , , results] = process.argv;
const root = ROOT;
if (command !== "execute") process.exit(2);
fs.appendFileSync(root + "/started", action + "\\n");
const { kind } = JSON.parse(fs.readFileSync(action + "/action.json", "utf8"));
const say = (name, value) => fs.writeFileSync(results + "/" + name, JSON.stringify({ host: "h", ...value }));
if (kind === "probe") say("outcome.json", fs.existsSync(root + "/unfit") ? { kind: "refused", reasons: ["its view is none"] } : { kind: "ready" });
else {
  const [now, ...rest] = fs.readFileSync(root + "/plan", "utf8").trim().split("\\n");
  fs.writeFileSync(root + "/plan", rest.join("\\n"));
  if (now === "die") { console.error("no space left"); process.exit(9); }
  if (now === "wait") { setInterval(() => {}, 1000); }
  if (now === "fail") say("outcome.json", { kind: "failed", steps: [], notes: [], failure: { step: "make", reason: "m.h is missing", hints: ["none"], logTail: [], logFile: "2-make.log", missing: [{ kind: "header", name: "m.h" }] } });
  if (now?.startsWith("build")) {
    fs.copyFileSync(root + "/pack", results + "/artifact.pack");
    say("outcome.json", { kind: "built", artifact: fs.readFileSync(root + "/artifact", "utf8"), pins: [], libraries: [], steps: [{ name: "make", wallMs: 5 }], notes: [] });
    if (now === "build, die") process.exit(9);
    if (now === "build, check") say("check.json", { kind: "passed", steps: [] });
  }
}
`;

/** The program, and what its workers build. */
async function equip(root: string): Promise<string> {
  writeFiles(`${root}/program`, {
    "package.json": '{"type":"module"}',
    "dist/tenon.js": worker.replace("ROOT", JSON.stringify(root)),
    "node_modules/koffi/index.js": "",
  });
  // What a worker builds here was made beforehand.
  const made = openStore(world, `${root}/made`, { sync: false });
  fs.mkdirSync(`${root}/tree`);
  fs.writeFileSync(`${root}/tree/hello`, "hello\n");
  fs.chmodSync(`${root}/tree/hello`, 0o644);
  const sha256 = world.disk.digestFile(`${root}/tree/hello`);
  const manifest = [{ type: "file", path: "hello", mode: 0o644, sizeBytes: 6, sha256 }] as const;
  const artifact = made.addArtifact(`${root}/tree`, manifest);
  await writePack(world, made, { artifact, file: `${root}/pack` });
  fs.writeFileSync(`${root}/artifact`, artifact);
  return artifact;
}

async function office(settings: Partial<Execution> = {}, signal?: AbortSignal) {
  const site = createSite();
  sites.push(site);
  const { root } = site;
  const artifact = await equip(root);
  const told: EventBody[] = [];
  const store = openStore(world, `${root}/store`, { sync: false });
  const open = (): Executor =>
    openExecutor({
      world,
      settings: {
        system: "command",
        place: `${root}/shared`,
        platform: {},
        jobs: 2,
        atOnce: 2,
        arguments: [],
        command: [],
        node: process.execPath,
        shortestMs: 0,
        ...settings,
      },
      store,
      program: `${root}/program`,
      emit: (event) => told.push(event),
      ...(signal === undefined ? {} : { signal }),
    });
  const machine = { architecture: "x64", compiler: undefined, python: undefined, isolated: true };
  const build = (executor: Executor, check = false) => {
    const parts = { name: "zlib", build: { script: ":" }, ...(check ? { check: ":" } : {}) };
    const job = site.job(parts, { check });
    const context = { ...site.context, whoProvides: () => ["libm"] };
    return executor.build({ context, job, machine, layers: [], checkLayers: [] });
  };
  return {
    root,
    store,
    artifact,
    told,
    open,
    build,
    plan: (...lines: string[]) => fs.writeFileSync(`${root}/plan`, lines.join("\n")),
    started: () =>
      fs.existsSync(`${root}/started`)
        ? fs.readFileSync(`${root}/started`, "utf8").trim().split("\n").length
        : 0,
    prepare: (executor: Executor) => executor.prepare({ machine, path: [] }),
  };
}

test("what a worker has built comes into the store, and is not built again for another store", async () => {
  const { plan, open, build, store, artifact, started } = await office();
  plan("build");
  const built = await build(open());
  expect(built?.outcome).toMatchObject({ kind: "built", artifact, steps: [{ name: "make" }] });
  expect(digestOfManifest(store.manifestOf(artifact))).toBe(artifact);
  const again = await build(open());
  expect(again?.outcome).toMatchObject({ kind: "built", artifact });
  expect(started()).toBe(1);
});

test("a lost worker is followed by another, and what it said is told when none does it", async () => {
  const { plan, open, build, told, started } = await office();
  plan("die", "die", "build");
  expect((await build(open()))?.outcome.kind).toBe("built");
  expect(started()).toBe(3);
  expect(told.filter(({ kind }) => kind === "note")).toHaveLength(2);
  const other = await office();
  other.plan("die", "die", "die", "die", "die", "build");
  await expect(other.build(other.open())).rejects.toMatchObject({
    code: "WORKER_LOST",
    hints: ["It printed: no space left"],
  });
  expect(other.started()).toBe(5);
});

test("a failure names the client's log and packages, and is tried again by the next run", async () => {
  const { root, plan, open, build, started } = await office();
  plan("fail", "build");
  const failed = await build(open());
  expect(failed?.outcome).toMatchObject({
    kind: "failed",
    step: "make",
    logFile: `${root}/logs/2-make.log`,
    hints: [expect.stringContaining("comes from libm")],
  });
  expect((await build(open()))?.outcome.kind).toBe("built");
  expect(started()).toBe(2);
});

test("a check is awaited; a worker that is lost meanwhile builds once more", async () => {
  const { plan, open, build, started } = await office();
  plan("build, die", "build, check");
  const built = await build(open(), true);
  if (built?.outcome.kind !== "built") throw new Error("it is not built");
  expect(await built.outcome.check?.()).toMatchObject({ kind: "passed" });
  expect(started()).toBe(2);
});

test("what was built without its check having passed is built again where a check is wanted", async () => {
  const { plan, open, build, started } = await office();
  plan("build, die", "build, check");
  const first = await build(open(), true);
  first?.release();
  const second = await build(open(), true);
  if (second?.outcome.kind !== "built") throw new Error("it is not built");
  expect(await second.outcome.check?.()).toMatchObject({ kind: "passed" });
  expect(started()).toBe(2);
});

test("an interruption ends the worker", async () => {
  const stop = new AbortController();
  const { root, plan, open, build, started } = await office({}, stop.signal);
  plan("wait");
  const building = build(open());
  while (started() === 0) await world.clock.sleep(20);
  stop.abort();
  expect((await building)?.outcome).toEqual({ kind: "interrupted" });
  const isAlive = (): boolean =>
    fs.readdirSync("/proc").some((name) => {
      if (!/^\d+$/.test(name)) return false;
      try {
        return fs.readFileSync(`/proc/${name}/cmdline`, "utf8").includes(`${root}/shared`);
      } catch {
        return false;
      }
    });
  for (let tries = 0; isAlive() && tries < 100; tries += 1) await world.clock.sleep(50);
  expect(isAlive()).toBe(false);
});

test("an artifact that is not what its worker says is refused", async () => {
  const { root, plan, open, build } = await office();
  plan("build");
  fs.writeFileSync(`${root}/artifact`, "0".repeat(64));
  await expect(build(open())).rejects.toMatchObject({ code: "PACK_WRONG" });
});

test("a worker that is not fit is told of before the first build; one that is fit, is asked once", async () => {
  const { root, open, prepare, started } = await office();
  await prepare(open());
  await prepare(open());
  expect(started()).toBe(1);
  fs.rmSync(`${root}/shared/actions`, { recursive: true });
  fs.writeFileSync(`${root}/unfit`, "");
  await expect(prepare(open())).rejects.toMatchObject({ code: "WORKER_UNFIT" });
});

test("a command that cannot be started is told at once", async () => {
  const { open, prepare, started } = await office({ command: ["/no/such/program"] });
  await expect(prepare(open())).rejects.toThrow("could not be started");
  expect(started()).toBe(0);
});

test("the shared folder is the caller's alone, and forgets what nobody has used for a month", async () => {
  const { root, open, prepare } = await office();
  await prepare(open());
  const shared = openSharedFolder(world, `${root}/shared`);
  const old = fs.readdirSync(`${root}/shared/actions`)[0] ?? "";
  fs.utimesSync(`${root}/shared/actions/${old}/action.json`, 1, 1);
  shared.sweep();
  expect(fs.readdirSync(`${root}/shared/actions`)).toEqual([]);
  fs.chmodSync(`${root}/shared`, 0o777);
  expect(() => openSharedFolder(world, `${root}/shared`)).toThrow("others may write in it");
});

test("the program is copied once, with its native part, and only where it is bundled", async () => {
  const { root } = await office();
  const folder = `${root}/programs`;
  fs.mkdirSync(folder);
  const first = copyProgram(world, `${root}/program`, folder);
  expect(copyProgram(world, `${root}/program`, folder)).toBe(first);
  expect(fs.existsSync(first.replace("dist/tenon.js", "node_modules/koffi/index.js"))).toBe(true);
  expect(fs.readdirSync(folder)).toHaveLength(1);
  expect(() => copyProgram(world, `${root}/made`, folder)).toThrow("has no dist/tenon.js");
});
