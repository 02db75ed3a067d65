/** `verify` goes on after what it cannot read, and `--repair` puts back what it can. */
import { beforeEach, expect, test } from "vitest";
import { repair } from "../../src/operations/repair.ts";
import { verify } from "../../src/operations/queries.ts";
import { joinPackages } from "../../src/run/join.ts";
import { DiskError, readText } from "../../src/world/index.ts";
import { openWorkspace, pretendBuild, type Workspace } from "../workspace/workspace.ts";

let workspace: Workspace;
let prefix: string;

beforeEach(async () => {
  workspace = openWorkspace({ a: {} });
  pretendBuild(workspace, "a", { "lib/one": "one", "lib/two": "two", "share/three": "three" });
  await joinPackages(workspace.session, workspace.resolver, ["a"]);
  ({ prefix } = workspace.session.layout);
});

/** Each such look at the path fails, wherever in the prefix a transaction has moved it. */
function breakSector(name: string, path: string): void {
  const { disk } = workspace;
  disk.plan({
    countReads: true,
    before: (_, operation) => {
      const isThere =
        operation.path.startsWith(`${prefix}/`) && operation.path.endsWith(`/${path}`);
      if (operation.name === name && isThere)
        throw new DiskError({ code: "EIO", operation: name, path: operation.path });
    },
  });
}

function check(): ReturnType<typeof verify> {
  const { world, session } = workspace;
  return verify(world, session.layout, [], session.options);
}

const reason = "input/output error (EIO)";

test("a file that cannot be read is a finding, and so is what comes after it", async () => {
  workspace.disk.removeFile(`${prefix}/share/three`);
  breakSector("read", "lib/one");
  expect((await check()).findings).toEqual([
    { package: "a", path: "lib/one", kind: "unreadable", reason },
    { package: "a", path: "share/three", kind: "missing" },
  ]);
});

test("what is in a folder that cannot be entered is unreadable", async () => {
  breakSector("realpath", "lib");
  expect((await check()).findings).toEqual([
    { package: "a", path: "lib/one", kind: "unreadable", reason },
    { package: "a", path: "lib/two", kind: "unreadable", reason },
  ]);
});

test("a folder that cannot be listed ends nothing, and is told of once", async () => {
  workspace.disk.plant(prefix, { "lib/mine": "" });
  breakSector("list", "share");
  const { findings, foreign } = await check();
  expect({ findings, foreign }).toEqual({ findings: [], foreign: ["lib/mine"] });
  const text = `${prefix}/share cannot be read (EIO), so files that no package owns may be missed`;
  expect(workspace.events.filter(({ kind }) => kind === "note")).toEqual([{ kind: "note", text }]);
});

test("a repair puts back what cannot be read, and keeps it beside", async () => {
  const { world, session, disk, events } = workspace;
  disk.setMode(`${prefix}/lib/two`, 0o600);
  breakSector("read", "lib/one");
  const store = session.store.layout.root;
  const opened = { ...session.options, world, layout: session.layout, store };
  const ended = await repair(opened, await check());
  disk.plan({});
  expect(ended).toMatchObject({
    kind: "done",
    value: { repaired: [{ path: "lib/one" }, { path: "lib/two" }], lost: [] },
  });
  expect(await check()).toMatchObject({ findings: [], foreign: ["lib/one.tenon-save"] });
  expect(readText(disk, `${prefix}/lib/one`)).toBe("one");
  const text = `${prefix}/lib/one could not be read and is kept as ${prefix}/lib/one.tenon-save`;
  expect(events.filter(({ kind }) => kind === "note")).toEqual([{ kind: "note", text }]);
});
