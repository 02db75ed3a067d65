/** Where a prefix and its state lie. */
import { describe, expect, test } from "vitest";
import { isStatePath, layoutOf, makeLayout, resolvePrefix } from "../../src/prefix/index.ts";
import { createSimulatedDisk } from "../../src/world/simulated/index.ts";

describe("a prefix is known by its real path", () => {
  const disk = createSimulatedDisk();
  disk.plant("/", { "real/p/": {}, link: { link: "real" }, "real/q": { link: "p" } });

  test.each([
    ["a directory", "/real/p", "/real/p"],
    ["a link to one", "/real/q", "/real/p"],
    ["below a link", "/link/p", "/real/p"],
    ["not there yet, below a link", "/link/new/deep", "/real/new/deep"],
    ["not there yet, at the top", "/new", "/new"],
    ["not there yet, with a slash behind", "/link/new//", "/real/new"],
    ["there, with a slash behind", "/link/p/", "/real/p"],
    ["the root", "/", "/"],
  ])("%s", (_name, path, real) => {
    expect(resolvePrefix(disk, path)).toBe(real);
  });
});

test("the layout is made once, and what is there stays", () => {
  const disk = createSimulatedDisk();
  const layout = layoutOf("/opt/p");
  makeLayout(disk, layout);
  disk.plant(layout.history, { "1.json": "{}" });
  const before = disk.snapshot("/opt/p");
  makeLayout(disk, layout);
  expect(disk.snapshot("/opt/p")).toEqual(before);
});

test("only tenon's own folder is its state", () => {
  expect(["var/lib/tenon", "var/lib/tenon/lock"].every(isStatePath)).toBe(true);
  expect(["var", "var/lib", "var/lib/tenon2", "lib/var/lib/tenon"].some(isStatePath)).toBe(false);
});
