/** Without views, packages are built against the live prefix: the same content, with the loss said once. */
import { afterEach, expect, test } from "vitest";
import { libbell, ringer, stack, tallied, withGong } from "./stack.ts";
import { eventsOf, noView, openWorkshop, skippedWord, type Workshop } from "./workshop.ts";

let shop: Workshop;
afterEach(() => shop.dispose());

test("--isolation none builds the stack, and says why it is not kept apart", async () => {
  shop = openWorkshop(stack);
  shop.write(withGong(shop.workspace));
  const ended = await shop.run(["build", "--isolation", "none"]);
  expect(ended).toMatchObject({ code: 0 });
  expect(ended.stderr.match(/without views/g)).toHaveLength(1);
  expect(ended.stderr).toContain(
    "without views: --isolation none was given; builds use the live prefix, so undeclared dependencies are not noticed\n",
  );
  expect(shop.tally().sort()).toEqual(tallied);
  expect(await shop.must("verify")).toMatch(/^ok: /);
  expect(await shop.must("build", "--isolation", "none")).toMatch(/^nothing to do/);
  const again = await shop.run(["build", "--isolation", "none", "--json"]);
  expect(eventsOf(again.stdout)).toMatchObject([
    { kind: "opened" },
    { kind: "run-finished", result: "done" },
    { kind: "result", result: { kind: "done" } },
  ]);
});

test.skipIf(noView !== undefined)(`it gives the same prefix as views${skippedWord}`, async () => {
  shop = openWorkshop(stack);
  shop.write(withGong(shop.workspace));
  await shop.must("build", "--isolation", "view");
  const inViews = shop.tree();
  shop.forget();
  await shop.must("build", "--isolation", "none");
  const without = shop.tree();
  expect(Object.keys(without)).toEqual(Object.keys(inViews));
  // The room for an rpath is as long as the path at which a program was linked; RECORD has its digest.
  const different = Object.keys(without).filter((path) => without[path] !== inViews[path]);
  const isLinked = (path: string): boolean => /^bin\/ringer$|\.so(\.1)?$|\/RECORD$/.test(path);
  expect(different.filter((path) => !isLinked(path))).toEqual([]);
  expect(await shop.must("verify")).toMatch(/^ok: /);
});

test("a failure tells the truth about the prefix, which each package joins when it is built", async () => {
  shop = openWorkshop({ ...libbell, ...ringer });
  shop.edit("ringer/ringer.c", "int main", "syntax error");
  const ended = await shop.run(["build", "--isolation", "none"]);
  expect(ended).toMatchObject({ code: 1 });
  expect(ended.stderr).toContain("1 package built and kept; the prefix has changed in 1 package\n");
  expect(Object.keys(shop.tree())).toContain("include/bell.h");
});
