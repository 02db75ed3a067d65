/** Versions and specifiers as PEP 440 means them; compared once with pip's own, all pairs of 24 versions. */
import { describe, expect, test } from "vitest";
import {
  allows,
  compareVersions,
  parseVersion,
  pinnedBy,
  withoutUpperBounds,
} from "../../src/requirements/index.ts";

/** In order; each is older than all that follow. */
const ascending = [
  "0.9",
  "1.0.dev3",
  "1.0a1.dev2",
  "1.0a1",
  "1.0b2",
  "1.0rc1",
  "1.0",
  "1.0+abc",
  "1.0+abc.5",
  "1.0+5",
  "1.0.post1.dev2",
  "1.0.post1",
  "1.0.1",
  "1.1",
  "1.10",
  "2.0.dev1",
  "2.0",
  "1!0.5",
];

test("the order of versions", () => {
  const versions = ascending.map((text) => parseVersion(text));
  const order = versions.map((one) =>
    versions.map((other) =>
      one === undefined || other === undefined
        ? "no version"
        : Math.sign(compareVersions(one, other)),
    ),
  );
  const expected = ascending.map((_, row) =>
    ascending.map((__, column) => Math.sign(row - column)),
  );
  expect(order).toEqual(expected);
});

const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ["", ["1.0", "2.0.dev1"], []],
  ["==1.0", ["1", "1.0.0", "1.0+abc"], ["1.0.1", "1.0a1", "1.0.post1"]],
  ["==1.0+abc", ["1.0+abc"], ["1.0", "1.0+abd"]],
  ["==1.*", ["1.0", "1.10", "1.0a1", "1.0.post1"], ["2.0", "0.9", "1!1.0"]],
  ["!=1.0.*", ["1.1", "2.0"], ["1.0", "1.0.1", "1"]],
  ["~=1.2", ["1.2", "1.10"], ["1.1", "2.0"]],
  ["~=1.2.3", ["1.2.3", "1.2.10"], ["1.3", "1.2.2"]],
  [">=1.0,<2", ["1.0", "1.9.9"], ["2.0", "2.0.dev1", "0.9"]],
  ["<1.0", ["0.9"], ["1.0a1", "1.0.dev3", "1.0"]],
  ["<1.0rc1", ["1.0a1", "0.9"], ["1.0rc1", "1.0"]],
  [">1.0", ["1.0.1", "1.1"], ["1.0.post1", "1.0+abc", "1.0"]],
  [">1.0.post1", ["1.0.post2", "1.1"], ["1.0", "1.0.post1"]],
  [">1.0a1", ["1.0", "1.0b2"], ["1.0a1", "1.0.dev3"]],
  ["===1.0", ["1.0"], ["1", "1.0.0"]],
  ["nonsense", [], ["1.0"]],
];

describe("what a specifier allows", () => {
  for (const [specifier, allowed, refused] of cases) {
    test(specifier === "" ? "nothing said" : specifier, () => {
      const all = [...allowed, ...refused];
      expect(all.filter((version) => allows(specifier, version))).toEqual(allowed);
    });
  }
});

test("pins, and bounds that are given up", () => {
  expect(pinnedBy("==1.2")).toBe("1.2");
  expect(pinnedBy("==1.*")).toBeUndefined();
  expect(pinnedBy(">=1.2")).toBeUndefined();
  expect(withoutUpperBounds(">=1,<2,!=1.3")).toBe(">=1,!=1.3");
  expect(withoutUpperBounds("==1.2.*")).toBe(">=1.2");
  expect(withoutUpperBounds("~=3.1")).toBe(">=3.1");
  expect(withoutUpperBounds("<=5")).toBe("");
});
