/** Where a package's source is published, as its record says it: no path of a machine, and no password. */
import { expect, test } from "vitest";
import { digestOf, isAbout } from "../../src/core/index.ts";
import { aboutPackage } from "../../src/recipe/about-package.ts";
import type { Recipe, Source } from "../../src/recipe/index.ts";

const sha256 = digestOf("archive");

function sourceOf(source: Source | undefined) {
  const recipe = { name: "a", ...(source === undefined ? {} : { source }) } as Recipe;
  const about = aboutPackage(recipe, new Map());
  if (about !== undefined) expect(isAbout(about)).toBe(true);
  return about?.source;
}

test("archives, repositories and indexes are named, and folders of the machine are not", () => {
  expect(sourceOf({ kind: "url", urls: ["https://me:secret@a.test/b.tar"], sha256 })).toEqual({
    place: "https://a.test/b.tar",
    sha256,
  });
  const repository = "https://me:secret@a.test/b";
  expect(sourceOf({ kind: "git", repository, revision: "v1", sha256 })).toEqual({
    place: "git+https://a.test/b@v1",
    sha256,
  });
  expect(
    sourceOf({ kind: "pypi", project: "b", version: "2", distribution: "sdist", sha256 }),
  ).toEqual({ place: "pkg:pypi/b@2", sha256 });
  expect(sourceOf({ kind: "url", urls: ["file:///home/me/b.tar"], sha256 })).toBeUndefined();
  expect(sourceOf({ kind: "git", repository: "/home/me/b", revision: "v1" })).toBeUndefined();
  expect(sourceOf({ kind: "path", path: "/home/me/b" })).toBeUndefined();
  expect(sourceOf(undefined)).toBeUndefined();
});

test("what a record says of a source is looked at before it is believed", () => {
  expect(isAbout({ source: { place: "https://a.test", sha256 } })).toBe(true);
  expect(isAbout({ source: { place: "https://a.test", sha256: "short" } })).toBe(false);
  expect(isAbout({ source: { sha256 } })).toBe(false);
  expect(isAbout({ source: "https://a.test" })).toBe(false);
});
