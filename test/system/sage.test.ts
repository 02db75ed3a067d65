/** A SageMath checkout is built by its own scripts, as it is. */
import * as fs from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { plantCheckout } from "./sage-tree.ts";
import { eventsOf, noView, openWorkshop, skippedWord, type Workshop } from "./workshop.ts";

let shop: Workshop;
let sage: string;
let local: string;

beforeAll(() => {
  shop = openWorkshop({});
  sage = plantCheckout(shop);
  local = `${sage}/local`;
});
afterAll(() => shop.dispose());

const build = (...args: readonly string[]) => shop.run(["build", "--sage", sage, "-j2", ...args]);

function read(path: string): string {
  return fs.readFileSync(`${local}/${path}`, "utf8");
}

describe.skipIf(noView !== undefined)(`a checkout is built${skippedWord}`, () => {
  test("without a name, what its make would build", async () => {
    const ended = await build();
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stdout).toMatch(/^done: 4 packages built, 4 changed/);
    expect(read("bin/tool")).toBe("#define ONE 1\na tool\n");
    expect(fs.existsSync(`${local}/gmp`)).toBe(false);
    expect(shop.processes()).toEqual([]);
  });

  test("stamps, scripts, wheels and logs lie where Sage looks for them", () => {
    const venv = "var/lib/sage/venv";
    expect(JSON.parse(read("var/lib/sage/installed/one-1.5.p2"))).toEqual({
      package_name: "one",
      install_date: "Tue Jan  1 00:00:00 UTC 1980",
      system_uname: expect.stringMatching(/^Linux \S+$/),
      files: ["include/one.h"],
    });
    expect(fs.readdirSync(`${local}/${venv}/var/lib/sage/installed`)).toEqual([
      "greet-1.0",
      expect.stringMatching(/^python3_venv-3\.11-/),
    ]);
    expect(fs.readdirSync(`${local}/${venv}/var/lib/sage/wheels`)).toHaveLength(1);
    expect(fs.existsSync(`${local}/var/lib/sage/scripts/one/spkg-check`)).toBe(true);
    expect(fs.readFileSync(`${sage}/logs/pkgs/tool-2.log`, "utf8")).toMatch(/^threads 2, flags $/m);
  });

  test("no stamp is older than one that it needs", () => {
    const time = (path: string): number => fs.statSync(`${local}/${path}`).mtimeMs;
    const installed = "var/lib/sage/installed";
    const times = [`${installed}/one-1.5.p2`, `${installed}/tool-2`, `${installed}/.dummy`].map(
      time,
    );
    expect(new Set(times).size).toBe(1);
  });

  test("a second build has nothing to do, and a touched file is no reason", async () => {
    const now = new Date();
    fs.utimesSync(`${sage}/build/pkgs/one/spkg-install.in`, now, now);
    expect((await build()).stdout).toMatch(/^nothing to do: 4 packages up to date/);
  });

  test("a changed script builds its package again, and stops where nothing changes", async () => {
    const script = `${sage}/build/pkgs/one/spkg-install.in`;
    fs.appendFileSync(script, "# as before\n");
    const ended = await build("--json");
    const built = eventsOf(ended.stdout).flatMap((event) =>
      event.kind === "build-finished" ? [`${event.package} ${event.result}`] : [],
    );
    expect(built).toEqual(["one unchanged", "tool reused"]);
  });

  test("a changed source in the tree is one of its package", async () => {
    fs.writeFileSync(`${sage}/pkgs/tool/tool.txt`, "a better tool\n");
    expect((await build("tool")).stdout).toMatch(/^done: 1 package built, 1 changed/);
    expect(read("bin/tool")).toBe("#define ONE 1\na better tool\n");
  });

  test("what is built in the tree leaves its objects there, and nothing elsewhere in the checkout", async () => {
    const script = `${sage}/build/pkgs/tool/spkg-install.in`;
    const before = fs.readFileSync(script);
    fs.appendFileSync(script, ': >src/made.o\n! : >"$SAGE_ROOT/build/made"\n');
    expect(await build("tool")).toMatchObject({ code: 0 });
    expect(fs.existsSync(`${sage}/pkgs/tool/made.o`)).toBe(true);
    expect(fs.existsSync(`${sage}/build/made`)).toBe(false);
    fs.rmSync(`${sage}/pkgs/tool/made.o`);
    fs.writeFileSync(script, before);
    expect(await build("tool")).toMatchObject({ code: 0 });
  });

  test("what is written past DESTDIR is the package's, too", async () => {
    expect(await build("past")).toMatchObject({ code: 0 });
    expect(await shop.must("files", "--sage", sage, "past")).toBe(
      "share/past\nvar/lib/sage/installed/past-none\nvar/lib/sage/scripts/past/spkg-check\n",
    );
  });

  test("a script finds the folders that configure has made; those it does not use are not the package's", async () => {
    expect(await build("copies")).toMatchObject({ code: 0 });
    expect(read("bin/copies")).toBe("copied\n");
    expect(fs.readdirSync(local)).not.toContain("etc");
  });

  test("what the machine has is built where the real one is asked for", async () => {
    expect(await build("real")).toMatchObject({ code: 0 });
    expect(read("real")).toBe("gmp\n");
  });
});

describe.skipIf(noView !== undefined)(`what is asked for besides${skippedWord}`, () => {
  test("checks are run, with what they need besides, but not those that Sage leaves out", async () => {
    const ended = await build("--check", "one", "past");
    expect(ended).toMatchObject({ code: 0 });
    expect(fs.readFileSync(`${sage}/logs/pkgs/one-1.5.p2.log`, "utf8")).toMatch(/^checking$/m);
  });

  test("SAGE_CHECK asks for checks as well", async () => {
    const environment = { SAGE_CHECK: "yes" };
    fs.appendFileSync(`${sage}/build/pkgs/one/spkg-check.in`, "echo again\n");
    await shop.run(["build", "--sage", sage, "one"], { environment });
    expect(fs.readFileSync(`${sage}/logs/pkgs/one-1.5.p2.log`, "utf8")).toMatch(/^again$/m);
  });

  test("SAGE_CHECK_PACKAGES asks for the checks of some, which fail the run or only warn", async () => {
    fs.appendFileSync(`${sage}/build/pkgs/past/spkg-install.in`, "# as before\n");
    const checked = async (list: string) => {
      const environment = { SAGE_CHECK_PACKAGES: list };
      const ended = await shop.run(["build", "--sage", sage, "--json", "past"], { environment });
      const failed = eventsOf(ended.stdout).flatMap((event) =>
        event.kind === "check-failed" ? [[event["package"], event["isWarning"]]] : [],
      );
      return { code: ended.code, failed };
    };
    expect(await checked("!past")).toEqual({ code: 0, failed: [] });
    fs.appendFileSync(`${sage}/build/pkgs/past/spkg-install.in`, "# as before\n");
    expect(await checked("?past")).toEqual({ code: 0, failed: [["past", true]] });
    expect(await checked("one,past")).toEqual({ code: 1, failed: [["past", false]] });
  });

  test("what is installed and changed is built, or all that is standard", async () => {
    fs.writeFileSync(`${sage}/pkgs/tool/tool.txt`, "the best tool\n");
    const ended = await build("--changed", "--json");
    const built = eventsOf(ended.stdout).flatMap((event) =>
      event.kind === "build-finished" ? [event.package] : [],
    );
    expect(built).toEqual(["tool"]);
    expect((await build("--standard", "--dry-run")).stdout).toMatch(/\basks\b/);
  });

  test("a hint names the list of the checkout to which a dependency is added", async () => {
    const script = `${sage}/build/pkgs/copies/spkg-install.in`;
    fs.writeFileSync(script, "python3 -c 'import no_such_module'\n");
    const ended = await build("copies");
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.stderr).toMatch(
      /to \S+\/build\/pkgs\/copies\/dependencies\. Then run \.\/configure\.$/m,
    );
  });

  test("a failed build leaves the package that was there", async () => {
    const script = `${sage}/build/pkgs/past/spkg-install.in`;
    fs.writeFileSync(script, 'echo half >"$SAGE_LOCAL/share-past"; echo "no more" >&2; exit 3\n');
    const ended = await build("past");
    expect(ended).toMatchObject({ code: 1 });
    expect(read("share/past")).toBe("past\n");
    expect(fs.existsSync(`${local}/share-past`)).toBe(false);
    expect(fs.readFileSync(`${sage}/logs/pkgs/past-none.log`, "utf8")).toMatch(/^no more$/m);
  });
});

test("what the system only can give is refused, with its name there", async () => {
  const ended = await build("asks");
  expect(ended).toMatchObject({ code: 2 });
  expect(ended.stderr).toMatch(/wanted cannot be built: it is the system's/);
});

test("without a view nothing is built", async () => {
  const ended = await build("--isolation", "none", "one");
  expect(ended).toMatchObject({ code: 4, stdout: "" });
  expect(ended.stderr).toMatch(/built in views only/);
});
