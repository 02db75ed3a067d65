/** What Sage itself has installed in a checkout becomes tenon's, and is not built again. */
import * as fs from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { plantCheckout } from "./sage-tree.ts";
import { eventsOf, noView, openWorkshop, skippedWord, type Workshop } from "./workshop.ts";

let shop: Workshop;
let sage: string;
let local: string;
const stamps = "var/lib/sage/installed";
const venv = "var/lib/sage/venv";

/** Afterwards nothing is left of tenon: the prefix is as Sage's own scripts have left it. */
beforeEach(async () => {
  shop = openWorkshop({});
  sage = plantCheckout(shop);
  local = `${sage}/local`;
  expect(await build()).toMatchObject({ code: 0 });
  fs.rmSync(`${local}/var/lib/tenon`, { recursive: true });
  fs.rmSync(shop.store, { recursive: true });
});
afterEach(() => shop.dispose());

const build = (...args: readonly string[]) => shop.run(["build", "--sage", sage, "-j2", ...args]);

/** The packages that were built, in order; the build succeeded. */
async function builtBy(...args: readonly string[]): Promise<string[]> {
  const ended = await build("--json", ...args);
  expect(ended).toMatchObject({ code: 0 });
  return eventsOf(ended.stdout).flatMap((event) =>
    event.kind === "build-finished" ? [String(event.package)] : [],
  );
}

function laterThanStamps(file: string): void {
  const later = fs.statSync(`${local}/${stamps}/one-1.5.p2`).mtimeMs / 1000 + 10;
  fs.utimesSync(file, later, later);
}

describe.skipIf(noView !== undefined)(`Sage's packages are adopted${skippedWord}`, () => {
  test("as they are, and nothing is built again", async () => {
    const before = fs.statSync(`${local}/include/one.h`);
    const planned = await build("--dry-run");
    expect(planned.stderr).toMatch(/a build adopts 4 packages that Sage has installed/);
    const ended = await build();
    expect(ended.stderr).toMatch(/adopted 4 packages that Sage has installed; 4 of them are up/);
    expect(ended.stdout).toMatch(/^nothing to do: 4 packages up to date/);
    expect(fs.statSync(`${local}/include/one.h`).ino).toBe(before.ino);
    expect(await shop.must("owner", "--sage", sage, `${local}/include/one.h`)).toMatch(/: one$/m);
    expect(await shop.must("files", "--sage", sage, "greet")).toMatch(/^\S+\/greet\.py$/m);
    expect(await shop.must("verify", "--sage", sage)).toMatch(/^ok: /m);
    expect((await build()).stderr).not.toMatch(/adopted/);
    const undone = await shop.run(["rollback", "--prefix", local]);
    expect(undone).toMatchObject({ code: 2 });
    expect(undone.stderr).toMatch(/took over files that were there before/);
  });

  test("what is newer than a stamp is built again, and what stands on it", async () => {
    laterThanStamps(`${sage}/build/pkgs/one/spkg-install.in`);
    expect(await builtBy("greet")).toEqual([]);
    expect(await builtBy("--changed")).toEqual(["one", "tool"]);
    expect(await builtBy()).toEqual([]);
  });

  test("what was built before something that it is made of, too", async () => {
    laterThanStamps(`${local}/${stamps}/one-1.5.p2`);
    expect(await builtBy("--changed")).toEqual(["tool"]);
  });

  test("an older version is replaced, and comes back", async () => {
    const stamp = `${local}/${stamps}/tool`;
    fs.copyFileSync(`${local}/${stamps}/one-1.5.p2`, `${local}/${stamps}/one-1.4`); // one that was left
    fs.renameSync(`${stamp}-2`, `${stamp}-1`);
    fs.writeFileSync(`${local}/bin/tool`, "the first tool\n");
    fs.writeFileSync(`${local}/bin/mine`, "mine\n");
    expect(await builtBy("tool")).toEqual(["tool"]);
    expect(fs.existsSync(`${stamp}-1`)).toBe(false);
    expect(fs.readFileSync(`${local}/bin/tool`, "utf8")).toBe("#define ONE 1\na tool\n");
    await shop.must("rollback", "--prefix", local);
    expect(fs.readFileSync(`${local}/bin/tool`, "utf8")).toBe("the first tool\n");
    expect(fs.existsSync(`${stamp}-1`)).toBe(true);
    expect(fs.readFileSync(`${local}/bin/mine`, "utf8")).toBe("mine\n");
  });

  test("what is no package stays Sage's, and the reason is said", async () => {
    fs.chmodSync(`${local}/bin/tool`, 0o4755);
    const ended = await build("one");
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stderr).toMatch(/tool: it stays Sage's: .*setuid/s);
    expect(ended.stderr).toMatch(/adopted 3 packages/);
    expect(fs.readdirSync(`${local}/${venv}`)).toContain("pyvenv.cfg");
  });
});
