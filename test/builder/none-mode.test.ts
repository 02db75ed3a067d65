/** Building without a view: into DESTDIR, against the live prefix. */
import * as fs from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { probeIsolation } from "../../src/view/index.ts";
import { createSite, failureOf, pathsOf, type Site, world, writeFiles } from "./site.ts";

let site: Site;
beforeEach(() => {
  site = createSite({ prefix: "the prefix" });
});
afterEach(() => site.remove());

const none = { isolation: { kind: "none", reason: "--isolation none was given" } } as const;

test("isolation none is taken at its word", async () => {
  const options = { prefix: site.prefix, scratch: site.root, wanted: "none" } as const;
  expect(await probeIsolation(world, options)).toEqual(none.isolation);
});

test("the stage is what lies at the prefix below DESTDIR", async () => {
  writeFiles(site.prefix, { "share/live": "1" });
  const script =
    'mkdir -p "$DESTDIR$PREFIX/bin"; cp "$PREFIX/share/live" "$DESTDIR$PREFIX/bin/mine"; umask >"$DESTDIR$PREFIX/umask"';
  const outcome = await site.build({ name: "mine", build: { script } }, none);
  expect(pathsOf(outcome)).toEqual(["bin/mine", "umask"]);
  expect(fs.readdirSync(site.prefix)).toEqual(["share"]);
  const { tree } = site.asLayer("mine", outcome);
  expect(fs.readFileSync(`${tree}/umask`, "utf8")).toBe("0022\n");
});

test("files outside the prefix fail the package by name", async () => {
  const script = 'mkdir -p "$DESTDIR/etc/empty" "$DESTDIR/usr"; : >"$DESTDIR/usr/mine.conf"';
  const failed = failureOf(await site.build({ name: "mine", build: { script } }, none));
  expect(failed.reason).toBe("it installed /usr/mine.conf, outside the prefix");
});

test("a dependency's link to a folder is followed, not replaced", async () => {
  const base = site.asLayer(
    "base",
    await site.build(
      {
        name: "base",
        build: { script: 'cd "$DESTDIR$PREFIX"; mkdir lib; : >lib/base; ln -s lib lib64' },
      },
      none,
    ),
  );
  const script = 'mkdir -p "$DESTDIR$PREFIX/lib64"; : >"$DESTDIR$PREFIX/lib64/mine"';
  const outcome = await site.build(
    { name: "mine", build: { script } },
    { ...none, layers: [base] },
  );
  expect(pathsOf(outcome)).toEqual(["lib/mine"]);
  if (outcome.kind === "built") expect(fs.readdirSync(outcome.stage)).toEqual(["lib"]);
});

test("a check is not run, and a note says so", async () => {
  const outcome = await site.build(
    { name: "mine", build: { script: "true" }, check: "false" },
    none,
  );
  expect(outcome.kind === "built" && outcome.notes.join()).toContain("its check was not run");
});

test("an interruption", async () => {
  const controller = new AbortController();
  const building = site.build(
    { name: "mine", build: { script: ": >../begun; sleep 600" } },
    { ...none, signal: controller.signal },
  );
  while (!fs.existsSync(`${site.root}/scratch1/work/begun`)) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  controller.abort();
  expect(await building).toEqual({ kind: "interrupted" });
});
