/** What a companion has installed in the prefix becomes tenon's, as it is. */
import { expect, test } from "vitest";
import { listFiles, listPackages } from "../../src/operations/index.ts";
import type { Companion, CompanionInstall } from "../../src/recipe/index.ts";
import { adoptInstalled, tellUnadopted } from "../../src/run/adopt.ts";
import { findOutOfDate } from "../../src/run/resolver.ts";
import { scratchStart } from "../../src/run/scratch.ts";
import { digestOf } from "../../src/core/index.ts";
import { withCompanion } from "../workspace/companion.ts";
import { directory, openWorkspace, reopen } from "../workspace/workspace.ts";

const prefix = `${directory}/prefix`;

interface Installed {
  readonly paths: readonly string[];
  readonly isCurrent?: boolean;
}

/** Its books list these packages. */
function listing(books: Readonly<Record<string, Installed>>): Partial<Companion> {
  const all = Object.entries(books).map(
    ([name, { paths, isCurrent = true }]): CompanionInstall => ({
      name,
      version: "1.0",
      paths: () => paths,
      isCurrent: () => isCurrent,
    }),
  );
  return { installed: (_disk, _prefix, isKnown) => all.filter(({ name }) => !isKnown(name)) };
}

function installedBy(books: Readonly<Record<string, Installed>>) {
  const opened = openWorkspace({ app: { build: ["lib"] }, lib: {} });
  opened.disk.plant(prefix, { "lib/lib": "1", "bin/app": "2", "bin/lib.pyc": "", mine: "3" });
  const session = withCompanion(opened.session, listing(books));
  return { ...opened, session, adopt: () => adoptInstalled(session, opened.resolver) };
}

const lib = { paths: ["lib/lib"] };
const app = { paths: ["bin/app", "lib/lib", "lib/__pycache__/x.pyc", "gone"] };

test("its files stay where they are, each one package's, and what is current is not built", async () => {
  const { world, session, resolver, disk, events, adopt } = installedBy({ lib, app });
  const before = disk.status(`${prefix}/lib/lib`)?.inode;
  await adopt();
  expect(listPackages(world, session.layout).map(({ name }) => name)).toEqual(["app", "lib"]);
  const filesOf = (name: string) =>
    listFiles(world, session.layout, name).flatMap(({ type, path }) =>
      type === "file" ? path : [],
    );
  expect({ app: filesOf("app"), lib: filesOf("lib") }).toEqual({
    app: ["bin/app"],
    lib: ["lib/lib"],
  });
  expect(disk.status(`${prefix}/lib/lib`)?.inode).toBe(before);
  expect(findOutOfDate(resolver, ["lib", "app"])).toEqual([]);
  expect(events).toContainEqual({
    kind: "note",
    text: "adopted 2 packages that Other has installed; 2 of them are up to date",
  });
});

test("the run's record has it as a change of the prefix", async () => {
  const { events, adopt } = installedBy({ lib, app });
  await adopt();
  expect(events).toContainEqual(
    expect.objectContaining({ kind: "prefix-changed", packages: ["lib", "app"], removed: [] }),
  );
});

test("what its own rules would build again is out of date, and what stands on it", async () => {
  const { resolver, adopt } = installedBy({ lib: { ...lib, isCurrent: false }, app });
  await adopt();
  expect(findOutOfDate(resolver, ["lib", "app"])).toEqual(["lib", "app"]);
});

test("what is on record already is not adopted again", async () => {
  const { disk, adopt } = installedBy({ lib, app });
  await adopt();
  const again = reopen(disk);
  const session = withCompanion(again.session, listing({ lib, app }));
  tellUnadopted(session);
  await adoptInstalled(session, again.resolver);
  expect(again.events).toEqual([]);
});

test("a plan only tells of it", () => {
  const { session, events } = installedBy({ lib });
  tellUnadopted(session);
  const text = "a build adopts 1 package that Other has installed before it begins";
  expect(events).toEqual([{ kind: "note", text }]);
});

test("what cannot be a package stays the companion's", async () => {
  const { session, world, disk, events, adopt } = installedBy({ lib, app });
  disk.setMode(`${prefix}/bin/app`, 0o4755);
  await adopt();
  expect(listPackages(world, session.layout).map(({ name }) => name)).toEqual(["lib"]);
  expect(events).toContainEqual({
    kind: "note",
    package: "app",
    text: expect.stringMatching(/^it stays Other's: .*setuid/),
  });
});

/** The same machine, where another process is adopting already. */
function beside(options: { readonly signal?: AbortSignal; readonly noWait?: boolean } = {}) {
  const opened = installedBy({ lib, app });
  const session = { ...opened.session, options: { ...opened.session.options, ...options } };
  const name = scratchStart(digestOf(`adopting ${prefix}`));
  const lock = opened.disk.asProcess("other").tryLock(session.store.layout.lock(name));
  lock?.describe("process 7 (tenon build in /elsewhere)");
  const told = async (count: number): Promise<void> => {
    for (let turn = 0; turn < 1000 && opened.events.length < count; turn += 1)
      await Promise.resolve();
  };
  return { ...opened, lock, told, adopting: adoptInstalled(session, opened.resolver) };
}

test("while another process is at it, that one is named, and its work is not done twice", async () => {
  const { lock, told, adopting, session, world, disk, events } = beside();
  await told(1);
  expect(events).toEqual([
    {
      kind: "waiting",
      for: `process 7 (tenon build in /elsewhere), which is adopting what Other has installed in ${prefix}`,
    },
  ]);
  const other = reopen(disk);
  lock?.release();
  await adoptInstalled(withCompanion(other.session, listing({ lib, app })), other.resolver);
  await adopting;
  expect(listPackages(world, session.layout)).toHaveLength(2);
  expect(events.filter(({ kind }) => kind === "note")).toEqual([]);
});

test("an interruption ends the waiting", async () => {
  const controller = new AbortController();
  const { told, adopting } = beside({ signal: controller.signal });
  await told(1);
  controller.abort();
  await expect(adopting).rejects.toMatchObject({ kind: "interrupted" });
});

test("who does not wait is refused, with the name of whom to wait for", async () => {
  await expect(beside({ noWait: true }).adopting).rejects.toThrow(
    /^process 7 .* is adopting what Other has installed in /,
  );
});
