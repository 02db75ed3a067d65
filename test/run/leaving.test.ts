/** What leaves the prefix with a build: what this workspace has put there and no recipe wants any more. */
import { expect, test } from "vitest";
import { installStage } from "../../src/operations/install.ts";
import type { OpenPrefix } from "../../src/operations/operate.ts";
import { listHistory } from "../../src/operations/prefix-care.ts";
import { listPackages } from "../../src/operations/queries.ts";
import { removePackages } from "../../src/operations/remove.ts";
import { rollBack } from "../../src/operations/rollback.ts";
import { layoutOf, readRecord, type RecordHead, recordFile } from "../../src/prefix/index.ts";
import type { EventBody } from "../../src/core/index.ts";
import { createResolver } from "../../src/run/resolver.ts";
import { createSimulatedWorld } from "../../src/world/simulated/index.ts";
import { checkClosure } from "../../src/plan/index.ts";
import { goalOf } from "../../src/run/goal.ts";
import { joinPackages, recordsOf } from "../../src/run/join.ts";
import { decideLeaving, findLeaving, type LeavingQuestion } from "../../src/run/leaving.ts";
import type { BuildOptions } from "../../src/run/planned-work.ts";
import { openSession, selectWanted } from "../../src/workspace/index.ts";
import { readText } from "../../src/world/index.ts";
import {
  directory,
  facts,
  openWorkspace,
  optionsFor,
  pretendBuild,
  rewriteRecipe,
} from "../workspace/workspace.ts";
import { failed, type Machine, openMachine } from "./machine.ts";

const prefix = `${directory}/prefix`;
const layout = layoutOf(prefix);
const store = "/home/u/store";

function opened(machine: Machine): OpenPrefix {
  return { ...optionsFor(machine.events), world: machine.nextWorld(), layout, store };
}

function installed(machine: Machine): string[] {
  return listPackages(machine.nextWorld(), layout).map(({ name }) => name);
}

function dropRecipe({ disk }: Machine, name: string): void {
  disk.removeFile(`${directory}/packages/${name}.toml`);
}

function rewriteSettings({ disk }: Machine, text: string): void {
  disk.removeFile(`${directory}/tenon.toml`);
  disk.createFile(`${directory}/tenon.toml`, text);
}

function notes({ events }: Machine): string[] {
  return events.flatMap((event) =>
    event.kind === "note" && !event.text.startsWith("setpriv") ? [event.text] : [],
  );
}

const newToml = 'name = "new"\nversion = "1"\n[build]\nsystem = "script"\nscript = "x"\n';
const rich = {
  rich: { run: ["mdurl"], wantedBy: "add" },
  mdurl: { wantedBy: "dependents" },
  own: {},
};

test("what has no recipe any more leaves, with what only it needed, and with what joins", async () => {
  const machine = openMachine(rich);
  expect(await machine.build()).toMatchObject({ changed: ["mdurl", "own", "rich"], removed: [] });
  dropRecipe(machine, "rich");
  rewriteRecipe(machine.disk, "own", { version: "2.0" });
  machine.builds["own"] = ({ write }) => write({ "lib/own": "2" });
  const result = await machine.build();
  expect(result).toMatchObject({ kind: "done", changed: ["own"], removed: ["mdurl", "rich"] });
  expect(installed(machine)).toEqual(["own"]);
  expect(notes(machine)).toEqual([
    "this build removes from the prefix rich 1.0 (it has no recipe), and mdurl 1.0 (no package needs it)",
  ]);
});

test("the path of what leaves is free for what joins", async () => {
  const machine = openMachine({ old: {} }, { old: ({ write }) => write({ "bin/tool": "1" }) });
  await machine.build();
  dropRecipe(machine, "old");
  machine.disk.plant(`${directory}/packages`, {
    "new.toml": newToml,
  });
  machine.builds["new"] = ({ write }) => write({ "bin/tool": "2" });
  expect(await machine.build()).toMatchObject({ kind: "done", removed: ["old"] });
  expect(readText(machine.disk, `${prefix}/bin/tool`)).toBe("2");
});

test("where no recipe says that it is there for others, all join as ever", async () => {
  const machine = openMachine({ app: { build: ["tool"] }, tool: {} });
  await machine.build();
  expect(installed(machine)).toEqual(["app", "tool"]);
});

test("in one transaction, what joins and what leaves", async () => {
  const before = openWorkspace({ old: {} });
  pretendBuild(before, "old", { "bin/tool": "1" });
  await joinPackages(before.session, before.resolver, ["old"]);
  before.disk.removeFile(`${directory}/packages/old.toml`);
  before.disk.plant(`${directory}/packages`, { "new.toml": newToml });
  const { disk } = before;
  const events: EventBody[] = [];
  const world = createSimulatedWorld({ disk, clock: { seed: 2 } });
  const session = openSession(world, optionsFor(events));
  const resolver = createResolver(session, facts);
  pretendBuild({ session, resolver, disk }, "new", { "bin/tool": "2" });
  const leaving = findLeaving(session, recordsOf(session), ["new"]);
  const joined = await joinPackages(session, resolver, ["new"], { leaving });
  expect(joined).toEqual({ kind: "done", value: { changed: ["new"], removed: ["old"] } });
  expect(events).toMatchObject([{ kind: "prefix-changed", packages: ["new"], removed: ["old"] }]);
});

test("what another workspace has come to want meanwhile is not taken out", async () => {
  const workspace = openWorkspace({ old: {} });
  const { session, resolver, disk } = workspace;
  pretendBuild(workspace, "old", { "bin/tool": "1" });
  await joinPackages(session, resolver, ["old"]);
  const leaving = findLeaving(session, recordsOf(session), []);
  expect(leaving.packages).toHaveLength(1);
  const file = recordFile(layout, "old");
  const text = readText(disk, file).replace(`"${directory}"`, `"${directory}", "/other"`);
  disk.removeFile(file);
  disk.createFile(file, text);
  await expect(joinPackages(session, resolver, [], { leaving })).rejects.toMatchObject({
    code: "CHANGED_MEANWHILE",
  });
});

test("what is there for others is wanted while something needs it at run time", () => {
  const needed = { wantedBy: "dependents" };
  const { session } = openWorkspace({
    app: { build: ["tool"], run: ["lib"] },
    tool: needed,
    lib: needed,
    over: needed,
  });
  const options = { ...optionsFor([]), packages: [] } as unknown as BuildOptions;
  const isolation = { kind: "view", root: true, userNamespace: true, overlay: "kernel" } as const;
  const selected = selectWanted(session, options);
  const order = checkClosure(session.workspace.recipes, selected);
  const asked = { options, selected, order };
  const goal = goalOf(session, new Map(), { ...asked, facts: { ...facts, isolation } });
  expect(goal.installed).toEqual(["app", "lib"]);
  // A build without a view uses what is in the prefix.
  expect(goalOf(session, new Map(), { ...asked, facts }).installed).toEqual(["app", "lib", "tool"]);
});

test("a failed build takes nothing out (I6), and neither does one of named packages", async () => {
  const machine = openMachine(rich);
  await machine.build();
  dropRecipe(machine, "rich");
  rewriteRecipe(machine.disk, "own", { version: "2.0" });
  machine.builds["own"] = () => failed;
  expect(await machine.build()).toMatchObject({ kind: "failed" });
  delete machine.builds["own"];
  await machine.build({ packages: ["own"] });
  await machine.build({ choice: "installed" });
  expect(installed(machine)).toEqual(["mdurl", "own", "rich"]);
});

test.each(["option", "setting"])("with keep, as an %s, nothing leaves", async (how) => {
  const machine = openMachine(rich);
  await machine.build();
  dropRecipe(machine, "rich");
  if (how === "setting") rewriteSettings(machine, "[workspace]\nkeep = true");
  const keep = how === "option" ? { keep: true } : {};
  expect(await machine.build({ dryRun: true, ...keep })).toMatchObject({ changes: [] });
  expect(await machine.build(keep)).toMatchObject({ removed: [] });
  expect(installed(machine)).toEqual(["mdurl", "own", "rich"]);
});

test("without its folder of recipes, a workspace cannot say what it does not want", async () => {
  const machine = openMachine({ own: {} });
  await machine.build();
  dropRecipe(machine, "own");
  rewriteSettings(machine, "");
  machine.disk.removeDirectory(`${directory}/packages`);
  expect(await machine.build()).toMatchObject({ removed: [] });
  machine.disk.makeDirectory(`${directory}/packages`);
  expect(await machine.build()).toMatchObject({ removed: ["own"] });
});

async function install(machine: Machine, name: string, path: string): Promise<void> {
  machine.disk.plant("/home/u/stage", { [path]: name });
  const stage = { stage: "/home/u/stage", keepStage: false, allowSetuid: false, allowEmpty: false };
  await installStage(opened(machine), { name, version: "9", replaces: [], ...stage });
}

test("what somebody has installed stays, under whatever name", async () => {
  const machine = openMachine(rich);
  await machine.build();
  await install(machine, "by-hand", "bin/by-hand");
  await install(machine, "rich", "lib/rich");
  dropRecipe(machine, "rich");
  expect(await machine.build()).toMatchObject({ removed: ["mdurl"] });
  expect(installed(machine)).toEqual(["by-hand", "own", "rich"]);
});

test("what an earlier tenon has recorded is this workspace's if that remembers to have built it", async () => {
  const machine = openMachine({ a: {}, b: {} });
  await machine.build();
  for (const name of ["a", "b"]) {
    const file = recordFile(layout, name);
    const { workspaces: _workspaces, ...record } = JSON.parse(readText(machine.disk, file));
    machine.disk.removeFile(file);
    machine.disk.createFile(file, JSON.stringify(record));
    dropRecipe(machine, name);
  }
  machine.disk.removeFile(`${directory}/.tenon/built/b.json`);
  expect(await machine.build()).toMatchObject({ removed: ["a"] });
});

test("two workspaces in one prefix leave each other's packages alone", async () => {
  const machine = openMachine({ mine: {}, both: {}, lib: {} });
  const theirs = "/home/u/theirs";
  const recipe = (name: string): string =>
    readText(machine.disk, `${directory}/packages/${name}.toml`);
  machine.disk.plant(theirs, {
    "tenon.toml": `[workspace]\nprefix = "${prefix}"\n`,
    "packages/both.toml": recipe("both"),
    "packages/app.toml": recipe("mine")
      .replaceAll("mine", "app")
      .replace("run = []", 'run = ["lib"]'),
    "packages/lib.toml": recipe("lib"),
  });
  await machine.build();
  expect(await machine.build({ directory: theirs })).toMatchObject({ changed: ["app"] });
  const wishers = (name: string) => readRecord(machine.disk, layout, name)?.workspaces;
  expect(wishers("both")).toEqual([directory, theirs]);
  for (const name of ["mine", "both"]) dropRecipe(machine, name);
  expect(await machine.build()).toMatchObject({ removed: ["mine"] });
  expect(wishers("both")).toEqual([theirs]);
  machine.disk.removeFile(`${theirs}/packages/both.toml`);
  expect(await machine.build({ directory: theirs })).toMatchObject({ removed: ["both"] });
  expect(installed(machine)).toEqual(["app", "lib"]);
});

test("a dry run says what would leave, and changes nothing", async () => {
  const machine = openMachine(rich);
  await machine.build();
  dropRecipe(machine, "rich");
  rewriteRecipe(machine.disk, "own", { version: "2.0" });
  const before = machine.disk.snapshot(prefix);
  expect(await machine.build({ dryRun: true })).toMatchObject({
    changes: [
      { name: "own", from: "1.0", to: "2.0", state: "build" },
      { name: "mdurl", from: "1.0", to: null, state: "not-needed" },
      { name: "rich", from: "1.0", to: null, state: "no-recipe" },
    ],
  });
  expect(machine.disk.snapshot(prefix)).toEqual(before);
});

/** The oldest transaction after this one: without views each package joins in one of its own. */
function nextAfter(machine: Machine, id: string | undefined): string | undefined {
  const ids = listHistory(machine.nextWorld(), layout).map((entry) => entry.id);
  return ids[ids.indexOf(id ?? "") - 1];
}

test("a build does not undo a rollback unless it is told to, or a recipe has changed", async () => {
  const machine = openMachine({ hi: {}, lib: {} });
  await machine.build();
  const [first] = listHistory(machine.nextWorld(), layout);
  for (const name of ["hi", "lib"]) {
    rewriteRecipe(machine.disk, name, { version: "2.0" });
    machine.builds[name] = ({ write }) => write({ [`lib/${name}`]: "2" });
  }
  await machine.build();
  const back = async (): Promise<unknown> =>
    rollBack(opened(machine), nextAfter(machine, first?.id));
  await back();
  const undone = { by: "rollback", atMs: expect.any(Number) };
  expect(await machine.build({ dryRun: true })).toMatchObject({
    changes: [
      { name: "hi", from: "1.0", to: "2.0", state: "built", undone },
      { name: "lib", from: "1.0", to: "2.0", state: "built", undone },
    ],
    undoing: ["hi", "lib"],
  });
  await expect(machine.build()).rejects.toMatchObject({ code: "ROLLED_BACK", kind: "conflict" });
  expect(readText(machine.disk, `${prefix}/lib/hi`)).toBe("hi");

  rewriteRecipe(machine.disk, "hi", { version: "3.0" });
  machine.builds["hi"] = ({ write }) => write({ "lib/hi": "3" });
  expect(await machine.build()).toMatchObject({ changed: ["lib", "hi"] });
  await back();
  await expect(machine.build()).rejects.toMatchObject({ code: "ROLLED_BACK" });
  expect(await machine.build({ again: true })).toMatchObject({ changed: ["hi", "lib"] });
  expect(await machine.build()).toMatchObject({ kind: "done", changed: [] });
});

test("what a rollback has brought back is not taken out again without a word", async () => {
  const machine = openMachine(rich);
  await machine.build();
  dropRecipe(machine, "rich");
  await machine.build();
  await rollBack(opened(machine));
  await expect(machine.build()).rejects.toThrow("mdurl 1.0 would leave, rich 1.0 would leave");
  expect(await machine.build({ keep: true })).toMatchObject({ removed: [] });
  expect(await machine.build({ again: true })).toMatchObject({ removed: ["mdurl", "rich"] });
});

test("what somebody has removed comes again, and a dry run says that it was removed", async () => {
  const machine = openMachine({ hi: {} });
  await machine.build();
  await removePackages(opened(machine), { names: ["hi"], force: false });
  expect(await machine.build({ dryRun: true })).toMatchObject({
    changes: [{ name: "hi", from: null, to: "1.0", state: "built", undone: { by: "removal" } }],
    undoing: [],
  });
  expect(await machine.build()).toMatchObject({ changed: ["hi"] });
});

const head = { version: "1", artifact: "", takesOver: [], ceded: [], installedAtMs: 0 };
function record(name: string, depends: string[], workspaces?: string[]): RecordHead {
  const facts = { ...head, name, depends, transaction: "" };
  return (workspaces === undefined ? facts : { ...facts, workspaces }) as RecordHead;
}

function question(records: RecordHead[], wanted: string[] = []): LeavingQuestion {
  return {
    records: new Map(records.map((each) => [each.name, each])),
    recipes: new Map(),
    wanted: new Set(wanted),
    workspace: "/w",
    hasBuilt: () => false,
  };
}

test("what a package needs that stays is held, with what that needs", () => {
  const mine = ["/w"];
  const chain = [record("a", ["b"], mine), record("b", ["c"], mine), record("c", [], mine)];
  const leaving = decideLeaving(question([...chain, record("by-hand", ["b"])]));
  expect(leaving.packages.map(({ name }) => name)).toEqual(["a"]);
  expect(leaving.held).toEqual([
    { name: "b", by: "by-hand" },
    { name: "c", by: "b" },
  ]);
  // What the older version of a wanted package needed holds nothing.
  expect(decideLeaving(question(chain, ["a"])).held).toEqual([]);
});
