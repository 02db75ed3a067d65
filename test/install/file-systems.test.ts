/** What a file system cannot do, and how a transaction does without it. */
import { describe, expect, test } from "vitest";
import { type Change, changePrefix } from "../../src/install/index.ts";
import { parseJournal } from "../../src/install/journal.ts";
import { readText, type World } from "../../src/world/index.ts";
import { createSimulatedDisk, type SimulatedDisk } from "../../src/world/simulated/index.ts";
import {
  change,
  type Files,
  findings,
  layout,
  mustChange,
  type Place,
  plantForeign,
  plantPackage,
  prefix,
  recorded,
  setUp,
  view,
  worldOn,
} from "./stack.ts";

const thrown = (error: unknown): unknown => error;

function bringing(disk: SimulatedDisk, version: string, files: Files): Change {
  return { add: [plantPackage(disk, { name: "a", version, files })], remove: [] };
}

/** The steps of a change, from the journal that was open while they were done. */
async function stepsOf(disk: SimulatedDisk, wanted: Change, on?: Place) {
  let text = "";
  disk.plan({
    before: (_n, { path, to }) => {
      if (path === layout.journal && to !== undefined) text = readText(disk, layout.journal);
    },
  });
  const outcome = await mustChange(worldOn(disk), wanted, on);
  disk.plan({});
  const { steps } = parseJournal(text, "journal");
  const format = (JSON.parse(text.split("\n", 1)[0] ?? "") as { format: number }).format;
  const ofPackage = steps.filter(({ path }) => !path.startsWith("var/"));
  return { outcome, format, steps: ofPackage.map(({ kind, path }) => `${kind} ${path}`) };
}

describe("a mount point inside the prefix", () => {
  const mounted = (path: string): SimulatedDisk => {
    const disk = createSimulatedDisk({ mounts: [`${prefix}/${path}`] });
    disk.plant(prefix, {});
    return disk;
  };

  test("with something of a package below it is refused before anything is touched", async () => {
    const disk = mounted("share");
    const wanted = bringing(disk, "1", { "lib/a": "1", "share/a": "1" });
    const error = await change(worldOn(disk), wanted).catch(thrown);
    expect(error).toMatchObject({ code: "MOUNT_POINT", kind: "machine" });
    expect(error).toMatchObject({ message: expect.stringContaining(`${prefix}/share is a mount`) });
    expect(error).toMatchObject({ hints: [expect.stringContaining(`Unmount ${prefix}/share`)] });
    expect(view(disk)).toEqual({ share: "/" });
    expect(disk.status(layout.state)).toBeUndefined();
  });

  test("that is merely in the way hinders nothing, and stays with what is on it", async () => {
    const disk = mounted("share/a/data");
    const volume = disk.status(`${prefix}/share/a/data`)?.inode;
    await mustChange(worldOn(disk), bringing(disk, "1", { "share/a/x": "1", "share/a/y/z": "1" }));
    plantForeign(disk, { "share/a/data/mine": "mine" });
    await mustChange(worldOn(disk), bringing(disk, "2", { "share/a/x": "2", "share/a/y": "2" }));
    expect(view(disk)).toMatchObject({ "share/a/x": "2", "share/a/data/mine": "mine" });
    await mustChange(worldOn(disk), { add: [], remove: ["a"] });
    expect(view(disk)).toEqual({
      share: "/",
      "share/a": "/",
      "share/a/data": "/",
      "share/a/data/mine": "mine",
    });
    expect(disk.status(`${prefix}/share/a/data`)?.inode).toBe(volume);
  });

  test("that is empty is not moved along with the folder that it is in", async () => {
    const disk = mounted("share/a/data");
    const files = { "share/a/x": "1", "share/a/data/": "" };
    await mustChange(worldOn(disk), bringing(disk, "1", files));
    const volume = disk.status(`${prefix}/share/a/data`)?.device;
    await mustChange(worldOn(disk), bringing(disk, "2", { ...files, "share/a/x": "2" }));
    expect(disk.status(`${prefix}/share/a/data`)?.device).toBe(volume);
    await mustChange(worldOn(disk), { add: [], remove: ["a"] });
    expect(disk.status(`${prefix}/share/a/data`)?.device).toBe(volume);
    expect(recorded(disk)).toEqual({});
  });
});

describe("directories of an overlay's lower layer", () => {
  const files = { "share/a/one": "1", "share/a/deep/two": "1", "share/a/same": "same" };
  const pyc = "share/a/__pycache__/m.cpython-311.pyc";

  const onOverlay = (installed: Files) =>
    setUp({ name: "", on: "overlay", installed: [{ name: "a", files: installed }] });

  test("stay, and their files are exchanged", async () => {
    const { disk } = await onOverlay(files);
    const next = { ...files, "share/a/one": "2", "share/a/deep/two": "2" };
    const { steps, format } = await stepsOf(disk, bringing(disk, "2", next));
    expect(steps).toEqual(["exchange share/a/deep/two", "exchange share/a/one"]);
    expect(format).toBe(1);
    expect(findings(disk)).toEqual([]);
  });

  test("leave empty, by-products included, and the innermost first", async () => {
    const { disk } = await onOverlay({ "share/a/m.py": "1", "share/a/deep/two": "1" });
    plantForeign(disk, { [pyc]: "m" });
    disk.sink(prefix);
    const { steps, format } = await stepsOf(disk, { add: [], remove: ["a"] });
    expect(steps).toEqual([
      `retire ${pyc}`,
      "vacate share/a/__pycache__",
      "retire share/a/deep/two",
      "vacate share/a/deep",
      "retire share/a/m.py",
      "vacate share/a",
      "vacate share",
    ]);
    expect(format).toBe(2);
    expect(view(disk)).toEqual({});
  });

  test("make room for a file in pieces", async () => {
    const { disk } = await onOverlay(files);
    const { steps } = await stepsOf(disk, bringing(disk, "2", { "share/a": "file" }));
    expect(steps.slice(-3)).toEqual(["retire share/a/same", "vacate share/a", "graft share/a"]);
    expect(view(disk)).toEqual({ share: "/", "share/a": "file" });
  });

  test("are exchanged whole where a transaction has brought them since", async () => {
    const { disk } = await onOverlay({ "lib/a": "1" });
    await mustChange(worldOn(disk), bringing(disk, "2", files));
    const next = { ...files, "share/a/one": "2" };
    const { steps } = await stepsOf(disk, bringing(disk, "3", next));
    expect(steps).toEqual(["exchange share"]);
  });

  test("are found out where nothing says so beforehand", async () => {
    const { disk } = await setUp({ name: "", installed: [{ name: "a", files }] });
    disk.sink(prefix);
    const { disk: _disk, ...world } = worldOn(disk);
    const silent: World = { ...world, disk: { ...disk, isFixed: () => false } };
    const wanted = bringing(disk, "2", { "share/a/one": "2" });
    await mustChange(silent, wanted);
    expect(view(disk)).toEqual({ share: "/", "share/a": "/", "share/a/one": "2" });
    expect(findings(disk)).toEqual([]);
  });

  test("a file that another one of the same number replaces is told apart", async () => {
    const { disk } = await onOverlay({ "lib/a": "1" });
    const wanted = bringing(disk, "2", { "lib/a": "2" });
    const place = `${prefix}/lib/a`;
    const ours = new Set<bigint>();
    const world = worldOn(disk);
    /** The lower layer's file has the number of the first one that is to replace it. */
    const status: World["disk"]["status"] = (path) => {
      const found = disk.status(path);
      if (found === undefined || found.type !== "file") return found;
      if (path.endsWith("/new/lib/a") && ours.size === 0) ours.add(found.inode);
      const [inode] = ours;
      if (path !== place || inode === undefined) return found;
      return { ...found, inode, device: found.device + 1n };
    };
    disk.plan({
      before: (_n, { name }) => {
        if (name === "exchange") disk.plan({ stopAt: 0 });
      },
    });
    await change({ ...world, disk: { ...disk, status } }, wanted).catch(thrown);
    const { steps } = parseJournal(readText(disk.copy(), layout.journal), "journal");
    expect(steps[0]).toMatchObject({ kind: "exchange", path: "lib/a" });
    expect(steps[0]?.inode).not.toBe(String([...ours][0]));
  });
});

describe("without RENAME_EXCHANGE and RENAME_NOREPLACE", () => {
  const installed = [{ name: "a", files: { "lib/a": "1", "share/a/x": "1", "share/a/y": "1" } }];
  const next = { "lib/a": "2", "share/a/x": "2", "share/a/z": "2" };

  test("a change is refused, all is taken back, and the hint names the option", async () => {
    const { disk } = await setUp({ name: "", on: "weak", installed });
    const before = view(disk);
    const error = await change(worldOn(disk), bringing(disk, "2", next)).catch(thrown);
    expect(error).toMatchObject({ code: "TRANSACTION_FAILED", kind: "machine" });
    expect(error).toMatchObject({ hints: [expect.stringContaining("--weak-renames")] });
    expect(view(disk)).toEqual(before);
    expect(disk.status(layout.journal)).toBeUndefined();
  });

  test.each(["weak", "bare"] as const)("files are replaced one by one (%s)", async (on) => {
    const { disk } = await setUp({ name: "", on, installed });
    const { steps, format, outcome } = await stepsOf(disk, bringing(disk, "2", next), on);
    expect(steps).toEqual([
      "replace lib/a",
      "replace share/a/x",
      "graft share/a/z",
      "retire share/a/y",
    ]);
    expect(format).toBe(2);
    expect(outcome).toMatchObject({ notes: [expect.stringContaining("weak renames")] });
    expect(findings(disk)).toEqual([]);
  });

  test("what a person puts in place of a file that is about to be replaced is kept", async () => {
    const { disk } = await setUp({ name: "", on: "weak", installed });
    const person = disk.asProcess("person");
    let isOver = false;
    disk.plan({
      before: (_n, { name, to }) => {
        // After the second name was made, and before the first step.
        if (isOver || name !== "rename" || to !== layout.journal) return;
        isOver = true;
        person.createFile(`${prefix}/mine`, "mine");
        person.rename(`${prefix}/mine`, `${prefix}/lib/a`);
      },
    });
    await mustChange(worldOn(disk), bringing(disk, "2", next), "weak");
    expect(isOver).toBe(true);
    expect(view(disk)).toMatchObject({ "lib/a": "2", "lib/a.tenon-save": "mine" });
  });

  test("a file that somebody creates where a new one is to come is a conflict", async () => {
    const { disk } = await setUp({ name: "", on: "weak", installed });
    const person = disk.asProcess("person");
    disk.plan({
      before: (_n, { name, to }) => {
        if (name !== "rename" || to !== layout.journal) return;
        disk.plan({});
        person.createFile(`${prefix}/share/a/z`, "mine");
      },
    });
    const outcome = await change(worldOn(disk), bringing(disk, "2", next), "weak");
    expect(outcome).toMatchObject({ kind: "conflict" });
    expect(view(disk)).toMatchObject({ "lib/a": "1", "share/a/z": "mine" });
  });

  test("the option changes nothing where they are there", async () => {
    const { disk } = await setUp({ name: "", installed });
    const { steps, format, outcome } = await stepsOf(disk, bringing(disk, "2", next), "weak");
    expect(steps).toEqual(["exchange lib", "exchange share"]);
    expect(format).toBe(1);
    expect(outcome).toMatchObject({ notes: [] });
  });

  test("a stage that was handed over goes back after a kill", async () => {
    const { disk, change: wanted } = await setUp({
      name: "",
      on: "weak",
      installed: [],
      handsOver: true,
      add: [{ name: "a", files: { "lib/a": "1" } }],
    });
    disk.plan({
      before: (_n, { to }) => {
        if (to === layout.journal) disk.plan({ stopAt: 0 });
      },
    });
    await change(worldOn(disk), wanted, "weak").catch(thrown);
    const later = disk.crash();
    expect(later.status("/staged/a")).toBeUndefined();
    const options = { activity: "test", sync: true };
    await changePrefix(worldOn(later), layout, { add: [], remove: [] }, options);
    expect(readText(later, "/staged/a/lib/a")).toBe("1");
  });
});
