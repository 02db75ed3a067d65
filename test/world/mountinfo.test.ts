/** Which mounts a path leads into. */
import { expect, test } from "vitest";
import { reachableMounts, readMounts } from "../../src/world/index.ts";

/** Lines of `id parent place`. */
function reachable(...lines: readonly string[]): string[] {
  const text = lines
    .map((line) => line.split(" "))
    .map(([id, parent, place]) => `${id} ${parent} 0:1 / ${place} rw - tmpfs ${id} rw\n`)
    .join("");
  return reachableMounts(readMounts(text)).map(({ id }) => id);
}

test("mounts in each other are all reached", () => {
  expect(reachable("1 0 /", "2 1 /a", "3 2 /a/b", "4 1 /ab")).toEqual(["1", "2", "3", "4"]);
});

test("a mount at the same place covers the one below and all that is in it", () => {
  expect(reachable("1 0 /", "2 1 /a", "3 2 /a/b", "4 2 /a")).toEqual(["1", "4"]);
  expect(reachable("1 0 /", "2 1 /a", "3 2 /a/b", "4 2 /a", "5 4 /a/b")).toEqual(["1", "4", "5"]);
});

test("a mount further up covers what is mounted below it", () => {
  expect(reachable("1 0 /", "2 1 /a/b", "3 2 /a/b/c", "4 1 /a", "5 1 /c")).toEqual(["1", "4", "5"]);
});

test("a mount on a mount that covers another is reached", () => {
  expect(reachable("1 1 /", "2 1 /", "3 2 /a")).toEqual(["2", "3"]);
});
