/** A worker's build is the client's: the same artifact, from an action that names nothing of the client's machine. */
import * as fs from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { machineFactsOf, readCompiler } from "../../src/builder/index.ts";
import { digestOfManifest } from "../../src/core/index.ts";
import { type BuildAction, readAction } from "../../src/execution/action.ts";
import { executeAction, writePack } from "../../src/execution/execute.ts";
import { followAttempt } from "../../src/execution/follow.ts";
import { readCheck, readOutcome } from "../../src/execution/outcome.ts";
import { packAction } from "../../src/execution/pack-action.ts";
import { openSharedFolder } from "../../src/execution/shared-folder.ts";
import { differences } from "../../src/execution/worker.ts";
import { placeholder } from "../../src/relocation/index.ts";
import { openStore } from "../../src/store/index.ts";
import { systemPath } from "../../src/view/index.ts";
import { createSite, isolation, type RecipeParts, type Site, world } from "../builder/site.ts";

const isRooted = isolation.kind === "view" && isolation.root;
const sites: Site[] = [];
afterEach(() => {
  for (const site of sites.splice(0)) site.remove();
});

async function machine() {
  const compiler = await readCompiler(world, systemPath);
  return machineFactsOf(world, { compiler, python: undefined, isolation });
}

/** A client with a shared folder, and a worker beside it. */
async function together() {
  const site = createSite();
  sites.push(site);
  const shared = openSharedFolder(world, `${site.root}/shared`);
  const facts = await machine();
  const results = `${site.root}/results`;
  const changes = { path: systemPath, livePrefix: site.prefix };
  const jobOf = (parts: RecipeParts) => site.job(parts, { ...changes, prefix: placeholder });
  const actionOf = (parts: RecipeParts, layers: BuildAction["layers"] = []): BuildAction => {
    const wanted = {
      context: site.context,
      job: jobOf(parts),
      machine: facts,
      layers,
      checkLayers: [],
    };
    const action = packAction(wanted, shared, { jobs: 2 });
    if (action === undefined) throw new Error("it cannot leave");
    return action;
  };
  const execute = (action: BuildAction) =>
    executeAction(world, {
      action: shared.putAction(action),
      blobs: shared.blobs,
      results,
      store: `${site.root}/worker`,
      environment: {},
    });
  return { site, shared, actionOf, execute, results, changes };
}

const greeting: RecipeParts = {
  name: "greeting",
  files: {
    "hello.txt": "hello\n",
    "bin/hi": { text: "#!/bin/sh\necho hi\n", mode: 0o755 },
  },
  build: {
    script: 'mkdir -p "$PREFIX/bin" && cp bin/hi "$PREFIX/bin" && echo "$PREFIX" >"$PREFIX/where"',
  },
};

describe.skipIf(!isRooted)("an action (needs views)", () => {
  test("gives the artifact that a build here gives, with its logs and events", async () => {
    const { site, actionOf, execute, results, changes } = await together();
    const parts = { ...greeting, check: "hi | grep hi" };
    expect(await execute(actionOf(parts))).toBe("built");
    const here = await site.build(parts, { ...changes, prefix: placeholder });
    if (here.kind !== "built") throw new Error(JSON.stringify(here));
    expect(readOutcome(world.disk, results)).toMatchObject({
      kind: "built",
      artifact: digestOfManifest(here.manifest),
      pins: [],
    });
    expect(readCheck(world.disk, results)?.kind).toBe("passed");
    const told: unknown[] = [];
    const logFolder = `${site.root}/followed`;
    const emit = (event: unknown) => told.push(event);
    followAttempt({ disk: world.disk, folder: results, logFolder, package: "greeting", emit })();
    expect(told).toContainEqual(
      expect.objectContaining({ kind: "step-started", logFile: `${logFolder}/2-script.log` }),
    );
    expect(fs.readdirSync(logFolder)).toEqual(fs.readdirSync(`${results}/logs`));
  });

  test("names none of the client's folders, and is the same each time", async () => {
    const { site, shared, actionOf } = await together();
    const folder = shared.putAction(actionOf(greeting));
    const text = fs.readFileSync(`${folder}/action.json`, "utf8");
    expect(text).not.toContain(site.root);
    fs.utimesSync(`${site.root}/source1/hello.txt`, 1, 1);
    expect(shared.putAction(actionOf({ ...greeting, files: {} }))).not.toBe(folder);
  });

  test("has its dependencies from packed artifacts", async () => {
    const { site, shared, actionOf, execute } = await together();
    expect(await execute(actionOf(greeting))).toBe("built");
    const outcome = readOutcome(world.disk, `${site.root}/results`);
    if (outcome?.kind !== "built") throw new Error("it is not built");
    const { artifact } = outcome;
    const store = openStore(world, `${site.root}/worker`, { sync: false });
    await writePack(world, store, { artifact, file: `${shared.blobs}/${artifact}.pack` });
    fs.rmSync(`${site.root}/worker`, { recursive: true });
    const layers = [{ package: "greeting", artifact }];
    const needing = { name: "needing", build: { script: 'hi >"$PREFIX/said"' } };
    expect(await execute(actionOf(needing, layers))).toBe("built");
    const tampered = fs.readFileSync(`${shared.blobs}/${artifact}.pack`);
    fs.writeFileSync(`${shared.blobs}/${artifact}.pack`, tampered.subarray(0, -9));
    fs.rmSync(`${site.root}/worker`, { recursive: true });
    await expect(execute(actionOf(needing, layers))).rejects.toThrow(/cut off|refused/);
  });

  test("that fails says where and why; a source that was changed on its way is refused", async () => {
    const { shared, actionOf, execute, results } = await together();
    const failing = { ...greeting, build: { script: "echo no >&2\nexit 3" } };
    expect(await execute(actionOf(failing))).toBe("failed");
    expect(readOutcome(world.disk, results)).toMatchObject({
      kind: "failed",
      failure: { step: "script", exitCode: 3, logFile: "2-script.log" },
    });
    const other = actionOf({ ...greeting, files: { "hello.txt": "other\n" } });
    fs.writeFileSync(`${shared.blobs}/${other.source?.content}`, "something else");
    await expect(execute(other)).rejects.toThrow("damaged on its way");
  });

  test("is refused by a worker that is not like the client", async () => {
    const { actionOf, execute, results } = await together();
    const action = actionOf(greeting);
    const elsewhere = { ...action, machine: { ...action.machine, compiler: "tcc 0.9" } };
    expect(await execute(elsewhere)).toBe("refused");
    expect(readOutcome(world.disk, results)).toMatchObject({
      kind: "refused",
      reasons: [expect.stringContaining("and here it is tcc 0.9")],
    });
  });
});

test("a source with a link out of its folder cannot leave", async () => {
  const { site, shared } = await together();
  const job = site.job({ name: "linked", files: { a: "" } });
  fs.symlinkSync("/etc/passwd", `${site.root}/source1/out`);
  const wanted = {
    context: site.context,
    job,
    machine: await machine(),
    layers: [],
    checkLayers: [],
  };
  expect(packAction(wanted, shared, { jobs: 1 })).toBeUndefined();
});

test("workers differ by what results depend on", async () => {
  const facts = await machine();
  expect(differences(facts, { ...facts })).toEqual([]);
  expect(differences({ ...facts, python: "3.11.2 at /usr/bin/python3" }, facts)).toEqual([
    "its Python is none, and here it is 3.11.2 at /usr/bin/python3",
  ]);
});

test.each([
  ["no JSON", "{"],
  ["of another format", '{"format":2,"kind":"probe"}'],
  ["of another kind", '{"format":1,"kind":"other"}'],
  ["null", "null"],
  [
    "with a name that is a path",
    '{"format":1,"kind":"build","recipe":{"name":"../x"},"patches":[],"layers":[],"jobs":1}',
  ],
  [
    "with a digest that is a path",
    '{"format":1,"kind":"build","recipe":{"name":"x"},"patches":[{"name":"p","sha256":"../p"}],"layers":[],"jobs":1}',
  ],
])("an action that is %s is not executed", async (_what, text) => {
  const { site } = await together();
  fs.writeFileSync(`${site.root}/action.json`, text);
  expect(() => readAction(world.disk, site.root)).toThrow("cannot be executed");
});

test.each([
  "{",
  "null",
  "[]",
  '{"kind":"built"}',
  '{"host":"h","kind":"built","artifact":"x","pins":[],"libraries":[],"steps":[],"notes":[]}',
  '{"host":"h","kind":"failed","steps":[],"notes":[],"failure":{"step":"s"}}',
  '{"host":"h","kind":"refused","reasons":[1]}',
])("what no worker writes is no outcome: %s", async (text) => {
  const { site } = await together();
  fs.writeFileSync(`${site.root}/outcome.json`, text);
  fs.writeFileSync(`${site.root}/check.json`, text);
  expect(readOutcome(world.disk, site.root)).toBeUndefined();
  expect(readCheck(world.disk, site.root)).toBeUndefined();
});
