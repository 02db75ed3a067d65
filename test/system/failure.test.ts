/** A build that fails says what is missing and where it is, harms nothing, and is gone on with (I6, I7). */
import { afterEach, describe, expect, test } from "vitest";
import { chime, libbell, ringer, slow, stack, tallied } from "./stack.ts";
import {
  eventsOf,
  type Files,
  linesOf,
  noView,
  openWorkshop,
  runInstalled,
  skippedWord,
  type Workshop,
} from "./workshop.ts";

let shop: Workshop;
afterEach(() => shop.dispose());

const undeclared = ['depends.run = ["libbell"]\n', ""] as const;

/** Needs ringer, and so is blocked when that fails. */
const tower: Files = {
  "packages/tower.toml": `name = "tower"
version = "1"
depends.build = ["ringer"]
[build]
script = '''
mkdir -p "$DESTDIR$PREFIX/share"
ringer >"$DESTDIR$PREFIX/share/tower"
echo tower >>"$TALLY"
'''
`,
};

describe.skipIf(noView !== undefined)(`an undeclared library${skippedWord}`, () => {
  test.each(["-j1", "-j4"])("is named with its package, from nothing, %s", async (jobs) => {
    shop = openWorkshop({ ...stack, ...tower });
    shop.edit("packages/ringer.toml", ...undeclared);
    const ended = await shop.run(["build", jobs]);
    expect(ended).toMatchObject({ code: 1, stdout: "" });
    expect(ended.stderr).toMatch(/^ringer 1\.0 failed in build: the header bell\.h is missing$/m);
    expect(ended.stderr).toMatch(/^ {2}hint: include\/bell\.h comes from libbell: add it to /m);
    expect(ended.stderr).toMatch(/^> \| ringer\.c:1:10: fatal error: bell\.h/m);
    expect(ended.stderr).toMatch(/^ {2}blocked by this: tower$/m);
    expect(ended.stderr).toMatch(
      /^failed: 1 package; 6 packages built and kept; the prefix is unchanged\nto continue: tenon build -j\d\nto join 6 finished packages already now: tenon build -j\d --keep-going=join\n$/m,
    );
    expect(shop.tree()).toEqual({});
    const others = tallied.filter((name) => name !== "gong" && name !== "ringer");
    expect(shop.tally().sort()).toEqual(others);

    shop.edit("packages/ringer.toml", "build.system", `${undeclared[0]}build.system`);
    await shop.must("build");
    expect(shop.tally().slice(others.length)).toEqual(["ringer", "tower"]);
    expect(runInstalled(`${shop.prefix}/bin/ringer`)).toBe("ding\nding\nding\n");
  });

  test("is named by an event at the end, where it was not built yet when it was missing", async () => {
    shop = openWorkshop({ ...libbell, ...ringer });
    shop.edit("packages/ringer.toml", ...undeclared);
    const events = eventsOf((await shop.run(["build", "-j1", "--json"])).stdout);
    const order = events.filter(({ kind }) => ["build-failed", "build-finished"].includes(kind));
    expect(order.map((event) => event["package"])).toEqual(["ringer", "libbell"]);
    expect(events.find(({ kind }) => kind === "build-failed")).toMatchObject({
      cause: "missing-header",
      hints: [expect.stringContaining("No package here is known to provide include/bell.h")],
      logTail: expect.arrayContaining([expect.stringContaining("fatal error: bell.h")]),
    });
    const hints = [expect.stringContaining("include/bell.h comes from libbell: add it to ")];
    expect(events.find(({ kind }) => kind === "hints")).toMatchObject({ package: "ringer", hints });
    expect(events.at(-1)).toMatchObject({ result: { failures: [{ package: "ringer", hints }] } });
  });

  test("leaves the prefix as it was when it is upgraded", async () => {
    shop = openWorkshop({ ...libbell, ...ringer, ...slow, ...tower });
    await shop.must("build");
    const before = shop.tree();
    const listed = await shop.must("list");
    shop.edit("libbell/bell.c", "return 3", "return 4");
    shop.edit("packages/ringer.toml", '"1.0"', '"2.0"');
    shop.edit("packages/ringer.toml", ...undeclared);
    shop.edit("packages/slow.toml", "echo slow", "echo slower");
    const ended = await shop.run(["build", "--json"]);
    expect(ended).toMatchObject({ code: 1, stderr: "" });
    const events = eventsOf(ended.stdout);
    expect(events.filter(({ kind }) => kind === "build-failed")).toMatchObject([
      { package: "ringer", version: "2.0", step: "build", reason: "the header bell.h is missing" },
    ]);
    expect(events.filter(({ kind }) => kind === "build-blocked")).toMatchObject([
      { package: "tower", by: ["ringer"] },
    ]);
    expect(events.at(-1)).toMatchObject({
      kind: "result",
      result: { kind: "failed", built: 2, blocked: { tower: ["ringer"] } },
    });
    expect(shop.tree()).toEqual(before);
    expect(await shop.must("list")).toBe(listed);
    expect(await shop.must("verify")).toMatch(/^ok: /);
    expect(shop.transactions()).toHaveLength(1);
  });
});

test("--fail-fast starts nothing more; without it the others are built", async () => {
  const good = 'name = "good"\nversion = "1"\nbuild.script = "echo good >>$TALLY"\n';
  shop = openWorkshop({
    "packages/bad.toml": 'name = "bad"\nversion = "1"\nbuild.script = "echo so; exit 3"\n',
    "packages/good.toml": good,
  });
  const fast = await shop.run(["build", "-j", "1", "--fail-fast"]);
  expect(fast).toMatchObject({ code: 1 });
  expect(fast.stderr).toContain("bad 1 failed in script: sh ended with exit code 3\n  | so\n");
  expect(shop.tally()).toEqual([]);
  expect(await shop.run(["build", "-j", "1"])).toMatchObject({ code: 1 });
  expect(shop.tally()).toEqual(["good"]);
  expect(await shop.must("log", "bad")).toContain("\nso\n");
});

test("a failure that comes back is told from a new one, and what the team knows of it", async () => {
  const script = `build.script = "echo 'x.c:1:2: error: no bell'; exit 1"\n`;
  shop = openWorkshop({ "packages/bad.toml": `name = "bad"\nversion = "1"\n${script}` });
  const first = await shop.run(["build"]);
  expect(first.stderr).toContain("bad 1 failed in script: no bell\n");
  const [, fingerprint = ""] = first.stderr.match(/^ {2}fingerprint: ([0-9a-f]{12})$/m) ?? [];
  const note = `fingerprint = "${fingerprint}"\nnote = "Ring twice."\n`;
  shop.write({ "known-failures.toml": `[[failure]]\n${note}` });
  const again = await shop.run(["build"]);
  expect(again.stderr).toMatch(/^ {2}known: Ring twice\.$/m);
  expect(again.stderr).toMatch(
    new RegExp(
      `^ {2}seen before: 1 time since .* last in run .* \\(fingerprint ${fingerprint}\\)$`,
      "m",
    ),
  );
  const events = eventsOf((await shop.run(["build", "--json"])).stdout);
  const facts = {
    fingerprint,
    cause: "compile-error",
    seen: { times: 2 },
    known: { note: "Ring twice." },
  };
  expect(events.find(({ kind }) => kind === "build-failed")).toMatchObject(facts);
  expect(events.at(-1)).toMatchObject({ result: { failures: [facts] } });
  shop.write({ "known-failures.toml": "[[failure]]\nnote = 1\n" });
  expect(await shop.run(["build"])).toMatchObject({ code: 2 });
});

describe("a wrong recipe", () => {
  test("is answered with file, line and column", async () => {
    shop = openWorkshop({ ...libbell, ...ringer, ...chime });
    shop.edit("packages/ringer.toml", "autotools", "autotool");
    const ended = await shop.run(["build"]);
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toContain("packages/ringer.toml:5:16: ");
    expect(ended.stderr).toContain('build.system "autotool" is unknown');
    expect(ended.stderr).toContain("autotools");
  });

  test.each([
    ["an unknown key", "version", 'sorce = "x"\nversion', /:2:1: [^]*sorce/],
    ["a missing dependency", "libbell", "libbel", /:4:16: [^]*libbel/],
    ["no TOML", '"1.0"', '"1.0', /:2:1\d: /],
    ["a cycle", "libbell", "ringer", /:4:16: [^]*ringer → ringer/],
  ])("%s", async (_what, from, to, message) => {
    shop = openWorkshop({ ...libbell, ...ringer });
    shop.edit("packages/ringer.toml", from, to);
    const ended = await shop.run(["build"]);
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toMatch(message);
    expect(shop.tree()).toEqual({});
  });

  test("an unknown package is answered with the nearest name", async () => {
    shop = openWorkshop({ ...libbell, ...ringer });
    const ended = await shop.run(["build", "rimger"]);
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(linesOf(ended.stderr)).toEqual([
      `error: no recipe in ${shop.workspace} is called rimger`,
      "  hint: Did you mean ringer?",
    ]);
  });
});
