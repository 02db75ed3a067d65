/** A package takes over what is nobody's at its paths: what is the same stays, what differs is kept beside it. */
import { expect, test } from "vitest";
import { readHistory } from "../../src/install/index.ts";
import { change, findings, layout, prefix, type Scenario, setUp, view, worldOn } from "./stack.ts";

const lib = { name: "lib", files: { "lib/a": "a", "share/lib/x": "x", "share/lib/l": "-> x" } };

async function take(scenario: Omit<Scenario, "name">) {
  const { disk, change: wanted } = await setUp({ name: "", takesForeign: true, ...scenario });
  const inode = (path: string) => disk.status(`${prefix}/${path}`)?.inode;
  const before = inode("lib/a");
  const outcome = await change(worldOn(disk), wanted);
  return { disk, outcome, files: view(disk), hasStayed: inode("lib/a") === before };
}

test("what is the same is the package's from now on, as if it had been installed", async () => {
  const foreign = { "lib/a": "a", "share/lib/x": "x", "share/lib/l": "-> x", "share/mine": "m" };
  const { disk, outcome, files } = await take({ installed: [], foreign, add: [lib] });
  expect(outcome).toMatchObject({ kind: "done", notes: [] });
  expect(Object.keys(files).filter((path) => path.endsWith(".tenon-save"))).toEqual([]);
  expect(files["share/mine"]).toContain("m");
  expect(findings(disk)).toEqual([]);
  expect(readHistory(disk, layout)[0]?.changes).toEqual([
    { package: "lib", from: null, to: "1", adopted: true },
  ]);
});

test("what differs in content, mode, target or kind is kept beside it", async () => {
  const foreign = { "lib/a": "A", "share/lib/x": "-> /etc/x", "share/lib/l": "-> y" };
  const { disk, outcome, files } = await take({ installed: [], foreign, add: [lib] });
  expect(outcome).toMatchObject({
    kind: "done",
    notes: [
      `${prefix}/lib/a was nobody's and is kept as ${prefix}/lib/a.tenon-save`,
      `${prefix}/share/lib/l was nobody's and is kept as ${prefix}/share/lib/l.tenon-save`,
      `${prefix}/share/lib/x was nobody's and is kept as ${prefix}/share/lib/x.tenon-save`,
    ],
  });
  expect(files["lib/a.tenon-save"]).toContain("A");
  expect(files["share/lib/l.tenon-save"]).toContain("y");
  expect(findings(disk)).toEqual([]);
});

test("an upgrade takes over what is at its new paths", async () => {
  const next = { ...lib, version: "2", files: { ...lib.files, "lib/b": "b" } };
  const foreign = { "lib/b": "mine" };
  const { disk, outcome, files } = await take({ installed: [lib], foreign, add: [next] });
  expect(outcome).toMatchObject({
    kind: "done",
    notes: [`${prefix}/lib/b was nobody's and is kept as ${prefix}/lib/b.tenon-save`],
  });
  expect(files["lib/b"]).toContain("b");
  expect(readHistory(disk, layout)[0]?.changes).toEqual([{ package: "lib", from: "1", to: "2" }]);
});

test("a folder is not taken for a file, nor a file for a folder", async () => {
  const folder = await take({ installed: [], foreign: { "lib/a/mine": "m" }, add: [lib] });
  expect(folder.outcome).toMatchObject({
    kind: "conflict",
    conflicts: [{ kind: "foreign", path: "lib/a" }],
  });
  const file = await take({ installed: [], foreign: { "share/lib": "m" }, add: [lib] });
  expect(file.outcome).toMatchObject({ kind: "conflict" });
});

test("what another package owns is not nobody's", async () => {
  const other = { name: "other", files: { "lib/a": "theirs" } };
  const { outcome } = await take({ installed: [other], add: [lib] });
  expect(outcome).toMatchObject({
    kind: "conflict",
    conflicts: [{ kind: "owned", path: "lib/a", owner: "other" }],
  });
});
