/** A prefix's state is read as somebody else could have made it (I15). */
import { describe, expect, test } from "vitest";
import {
  checkStateFolders,
  layoutOf,
  listState,
  makeLayout,
  openInstalled,
  readRecord,
  readRecords,
  readState,
  recordFile,
  transactionIds,
  tryLockPrefix,
} from "../../src/prefix/index.ts";
import { readText, type Disk } from "../../src/world/index.ts";
import {
  createSimulatedDisk,
  createSimulatedWorld,
  type SimulatedDisk,
} from "../../src/world/simulated/index.ts";

const layout = layoutOf("/opt/p");

function machine(): SimulatedDisk {
  const disk = createSimulatedDisk();
  makeLayout(disk, layout);
  disk.plant("/home/u", { precious: "IMPORTANT", "records/a.json": "{}", "lib/tenon/x": "" });
  return disk;
}

const notPlain = expect.objectContaining({ code: "STATE_NOT_PLAIN" });

describe("no file of it is", () => {
  const files = [layout.lock, layout.journal, layout.catalogue, recordFile(layout, "a")];

  test.each(files)("a symbolic link: %s", (file) => {
    const disk = machine();
    disk.plant(layout.index, {});
    disk.makeLink(file, "/home/u/precious");
    expect(() => readState(disk, layout, file, 1000)).toThrow(notPlain);
  });

  test.each(["fifo", "device", "socket"] as const)("a %s", (type) => {
    const disk = machine();
    disk.plantSpecial(layout.journal, type);
    expect(() => readState(disk, layout, layout.journal, 1000)).toThrow(notPlain);
  });

  test("a folder, or larger than it can be", () => {
    const disk = machine();
    disk.plant(layout.journal, {});
    expect(() => readState(disk, layout, layout.journal, 1000)).toThrow(notPlain);
    disk.createFile(layout.lock, "x".repeat(1001));
    const tooLarge = expect.objectContaining({ code: "STATE_TOO_LARGE" });
    expect(() => readState(disk, layout, layout.lock, 1000)).toThrow(tooLarge);
  });

  test("the cure that is named works", () => {
    const disk = machine();
    disk.makeLink(layout.lock, "/home/u/precious");
    const world = createSimulatedWorld({ disk });
    expect(() => tryLockPrefix(world, layout, "test")).toThrow(
      expect.objectContaining({
        hints: [`Move it away: \`mv ${layout.lock} ${layout.lock}.refused\`.`],
      }),
    );
    disk.rename(layout.lock, `${layout.lock}.refused`);
    expect(tryLockPrefix(world, layout, "test")).toBeDefined();
    expect(readText(disk, "/home/u/precious")).toBe("IMPORTANT");
  });
});

describe("its folders", () => {
  test.each([layout.prefix, "/opt/p/var", "/opt/p/var/lib"])("are no files: %s", (folder) => {
    const disk = createSimulatedDisk();
    disk.plant(folder.slice(0, folder.lastIndexOf("/")), {});
    disk.createFile(folder, "");
    expect(() => checkStateFolders(disk, layout)).toThrow(notPlain);
  });

  test.each(["packages", "tx", "history", "index"])("lead nowhere else: %s", (name) => {
    const disk = createSimulatedDisk();
    disk.plant("/home/u", { "records/a.json": "{}" });
    disk.plant(layout.state, { [name]: { link: "/home/u/records" } });
    expect(() => checkStateFolders(disk, layout)).toThrow(notPlain);
    expect(() => listState(disk, layout, `${layout.state}/${name}`)).toThrow(notPlain);
    expect(() => makeLayout(disk, layout)).toThrow(notPlain);
  });

  test.each(["var", "var/lib", "var/lib/tenon"])("lie in the prefix: %s", (name) => {
    const disk = createSimulatedDisk();
    disk.plant("/home/u", { "lib/tenon/": "", "tenon/": "" });
    disk.plant("/opt/p", { [name]: { link: "/home/u" } });
    expect(() => makeLayout(disk, layout)).toThrow(notPlain);
    expect(Object.keys(disk.snapshot("/home/u"))).toEqual(["lib", "lib/tenon", "tenon"]);
  });

  test("may be reached through a link of the prefix's own", () => {
    const disk = createSimulatedDisk();
    disk.plant("/opt/p", { "share/var/lib/tenon/": "", var: { link: "share/var" } });
    makeLayout(disk, layout);
    expect(readRecords(disk, layout).size).toBe(0);
    expect(disk.status("/opt/p/share/var/lib/tenon/packages")?.type).toBe("directory");
  });

  test("that are missing are empty", () => {
    const disk = createSimulatedDisk();
    disk.plant(layout.state, {});
    expect(readRecords(disk, layout).size).toBe(0);
    expect(transactionIds(disk, layout)).toEqual([]);
    expect([...openInstalled(disk, layout).ownersOf("bin/a")]).toEqual([]);
  });
});

test("no name leads out of the folder of records", () => {
  const disk = machine();
  for (const name of ["../../../../../home/u/records/a", "a/b", "", ".."]) {
    expect(readRecord(disk, layout, name)).toBeUndefined();
  }
});

test("what is called otherwise than a transaction is none", () => {
  const disk = machine();
  const entries = ["20240101T000000Z-0123456789abcdef", "notes", "..", "20240101T000000Z-"];
  for (const name of entries) disk.plant(layout.history, { [`${name}.json`]: "{}" });
  expect(transactionIds(disk, layout)).toEqual([entries[0]]);
});

describe("while another process makes the folders of the state", () => {
  /** `var/lib` is there from the second look on. */
  function comingLate(how: (disk: SimulatedDisk) => void): Disk {
    const disk = createSimulatedDisk();
    disk.plant("/opt/p/var", {});
    let looks = 0;
    return {
      ...disk,
      statusOfTarget: (path) => {
        if (path === "/opt/p/var/lib" && looks++ === 0) {
          how(disk);
          return undefined;
        }
        return disk.statusOfTarget(path);
      },
    };
  }

  test("they are folders, also where they were not there a moment ago", () => {
    const disk = comingLate((late) => late.makeDirectory("/opt/p/var/lib"));
    expect(() => checkStateFolders(disk, layout)).not.toThrow();
  });

  test("a link that leads nowhere stays one", () => {
    const disk = comingLate((late) => late.makeLink("/opt/p/var/lib", "/nowhere"));
    expect(() => checkStateFolders(disk, layout)).toThrow(notPlain);
  });
});
