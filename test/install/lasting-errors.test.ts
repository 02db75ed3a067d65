/** What goes wrong again and again is told, and keeps nobody from the next command. */
import { describe, expect, test } from "vitest";
import { recover } from "../../src/install/index.ts";
import { saveName } from "../../src/install/save-name.ts";
import { DiskError } from "../../src/world/index.ts";
import { type SimulatedDisk } from "../../src/world/simulated/index.ts";
import { change, layout, mustChange, plantPackage, prefix, setUp, view, worldOn } from "./stack.ts";

const long = (ending: string): string => "n".repeat(250 - ending.length) + ending;

describe("the name under which a file is kept", () => {
  test.each([
    ["bin/tool", 0, "bin/tool.tenon-save"],
    ["a.conf", 2, "a.conf.tenon-save.2"],
    [`x/${long(".conf")}`, 0, `x/${"n".repeat(238)}~.conf.tenon-save`],
    [long(""), 11, `${"n".repeat(240)}~.tenon-save.11`],
  ])("%s", (path, count, saved) => {
    expect(saveName(path, count)).toBe(saved);
  });

  test("fits into a file's name in any script, without half a character", () => {
    for (const letter of ["é", "字", "😀"]) {
      const name = letter.repeat(Math.floor(255 / Buffer.byteLength(letter)));
      for (const count of [0, 7, 123]) {
        const saved = saveName(`d/${name}`, count).slice(2);
        expect(Buffer.byteLength(saved)).toBeLessThanOrEqual(255);
        expect(Buffer.from(saved).toString()).toBe(saved);
        expect(saved.startsWith(letter.repeat(20))).toBe(true);
      }
    }
  });
});

test("a changed file with a long name is kept beside, and the next command works", async () => {
  const path = `share/${long(".conf")}`;
  const { disk, change: upgrade } = await setUp({
    name: "",
    installed: [{ name: "a", files: { [path]: "1", "share/x": "1" } }],
    foreign: { "share/mine": "mine" },
    edits: { [path]: "edited" },
    add: [{ name: "a", version: "2", files: { [path]: "2", "share/x": "2" } }],
  });
  const done = await mustChange(worldOn(disk), upgrade);
  expect(view(disk)).toMatchObject({ [path]: "2", [saveName(path, 0)]: "edited" });
  expect(done.kind === "done" ? done.notes : []).toHaveLength(1);
  await mustChange(worldOn(disk), { add: [], remove: ["a"] });
});

describe("a file that cannot be kept beside", () => {
  test.each(["EACCES", "EPERM", "ENAMETOOLONG", "EROFS"])("because of %s is told", async (code) => {
    const { disk, change: upgrade } = await setUp({
      name: "",
      installed: [{ name: "a", files: { "share/x": "1", "share/y": "1" } }],
      foreign: { "share/mine": "mine" },
      edits: { "share/x": "edited" },
      add: [{ name: "a", version: "2", files: { "share/x": "2", "share/y": "2" } }],
    });
    refuse(disk, code, (name, path) => name === "rename" && path.endsWith(".tenon-save"));
    const done = await mustChange(worldOn(disk), upgrade);
    const notes = done.kind === "done" ? done.notes.join("\n") : "";
    expect(notes).toContain("share/x.tenon-save could not be moved back");
    expect(notes).toContain("move it before `tenon gc`");
    disk.plan({});
    expect(disk.status(layout.journal)).toBeUndefined();
    await mustChange(worldOn(disk), { add: [], remove: ["a"] });
  });

  test.each(["EIO", "EAGAIN"])("nor read because of %s counts as changed", async (code) => {
    const { disk, change: upgrade } = await setUp({
      name: "",
      installed: [{ name: "a", files: { "share/x": "1", "share/y": "1" } }],
      foreign: { "share/mine": "mine" },
      edits: { "share/x": "3" },
      add: [{ name: "a", version: "2", files: { "share/x": "2", "share/y": "2" } }],
    });
    disk.plan({
      countReads: true,
      before: (_n, { name, path }) => {
        if (name !== "read" || !path.endsWith("/new/share/x")) return;
        throw new DiskError({ code, operation: name, path });
      },
    });
    await change(worldOn(disk), upgrade);
    disk.plan({});
    expect(disk.status(layout.journal)).toBeUndefined();
    expect(view(disk)).toMatchObject({ "share/x": "2", "share/x.tenon-save": "3" });
  });

  test("for want of room waits for room, and says so each time", async () => {
    const { disk, change: upgrade } = await setUp({
      name: "",
      installed: [{ name: "a", files: { "share/x": "1", "share/y": "1" } }],
      foreign: { "share/mine": "mine" },
      edits: { "share/x": "edited" },
      add: [{ name: "a", version: "2", files: { "share/x": "2", "share/y": "2" } }],
    });
    refuse(disk, "ENOSPC", (name, path) => name === "link" && path.endsWith(".tenon-save"));
    const blocked = {
      code: "RECOVERY_BLOCKED",
      hints: [expect.stringMatching(/^Make room .*tenon recover/)],
    };
    await expect(change(worldOn(disk), upgrade)).rejects.toMatchObject(blocked);
    await expect(change(worldOn(disk), { add: [], remove: [] })).rejects.toMatchObject(blocked);
    disk.plan({});
    expect(recover(worldOn(disk), layout, { sync: true })).toMatchObject({ kind: "finished" });
    expect(view(disk)).toMatchObject({ "share/x": "2", "share/x.tenon-save": "edited" });
  });
});

test("a step that can neither be done nor undone is named with the way out", async () => {
  const { disk, change: upgrade } = await setUp({
    name: "",
    installed: [{ name: "a", files: { "lib/x": "1", "share/x": "1" } }],
    foreign: { "lib/mine": "", "share/mine": "" },
    add: [{ name: "a", version: "2", files: { "lib/x": "2", "share/x": "2" } }],
  });
  disk.plan({
    before: (_n, { name, to }) => {
      if (name === "exchange" && to === `${prefix}/share/x`) {
        for (const folder of ["lib", "share"])
          disk.asProcess("root").setMode(`${prefix}/${folder}`, 0o555);
      }
    },
  });
  const blocked = {
    code: "RECOVERY_BLOCKED",
    message: expect.stringContaining(`${prefix}/lib/x`),
    hints: [
      `Make the folder writable for you (\`chmod u+w ${prefix}/lib\`), or act as its owner, then \`tenon recover --prefix ${prefix}\`.`,
    ],
  };
  await expect(change(worldOn(disk), upgrade)).rejects.toMatchObject(blocked);
  disk.plan({});
  expect(() => recover(worldOn(disk), layout, { sync: true })).toThrow(
    expect.objectContaining(blocked),
  );
  for (const folder of ["lib", "share"]) disk.setMode(`${prefix}/${folder}`, 0o755);
  expect(recover(worldOn(disk), layout, { sync: true })).toMatchObject({ kind: "finished" });
  expect(view(disk)).toMatchObject({ "lib/x": "2", "share/x": "2" });
});

test("a path that would be too long in the prefix is refused before anything is touched", async () => {
  const { disk } = await setUp({ name: "", installed: [] });
  const path = Array.from({ length: 21 }, () => "d".repeat(200)).join("/");
  const add = [plantPackage(disk, { name: "deep", files: { [path]: "x" } })];
  const before = disk.snapshot(prefix);
  await expect(change(worldOn(disk), { add, remove: [] })).rejects.toMatchObject({
    kind: "usage",
    code: "PATH_TOO_LONG",
    message: expect.stringContaining("4220 bytes"),
  });
  expect(disk.snapshot(prefix)).toEqual(before);
});

function refuse(
  disk: SimulatedDisk,
  code: string,
  isMeant: (name: string, to: string) => boolean,
): void {
  disk.plan({
    before: (_n, { name, path, to }) => {
      if (isMeant(name, to ?? path))
        throw new DiskError({ code, operation: name, path: to ?? path });
    },
  });
}
