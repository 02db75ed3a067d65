/** Which requirements are not met, by hand-made distributions. */
import { expect, test } from "vitest";
import {
  describeUnmet,
  findUnmet,
  type Requirer,
  type UnmetRequirement,
} from "../../src/distributions/unmet-requirements.ts";

const environment = { python_version: "3.11", sys_platform: "linux", extra: "" };

function unmetOf(judged: string, ...all: Requirer[]): UnmetRequirement[] {
  const present = new Map(all.map((each) => [each.name, each]));
  return findUnmet(
    all.filter(({ name }) => name === judged),
    present,
    environment,
  );
}

function distribution(name: string, version: string, ...requires: string[]): Requirer {
  return { name, version, requires: () => requires };
}

test.each([
  ["b"],
  ["b>=1,<3"],
  ["B (>=2.0)"],
  ["c; sys_platform == 'win32'"],
  ["c; extra == 'more'"],
  ["c; python_version < '3.8' or (extra == 'x' and sys_platform == 'linux')"],
  ["b @ https://example.org/b.zip"],
  ["b ; this is no marker"],
  [">no requirement"],
])("met: %s", (line) => {
  expect(unmetOf("a", distribution("a", "1", line), distribution("b", "2"))).toEqual([]);
});

test("what is not there, and what is there in another version", () => {
  const a = distribution("a", "1", "b>=3", "c[x] >1 ; python_version >= '3.8'", "b_b");
  expect(unmetOf("a", a, distribution("b", "2"))).toEqual([
    { package: "a", version: "1", requirement: "b>=3", found: "2" },
    { package: "a", version: "1", requirement: "c[x]>1" },
    { package: "a", version: "1", requirement: "b-b" },
  ]);
});

test("what an extra adds is needed where the extra is wanted, in circles too", () => {
  const b = distribution("b", "2", "a[all]", "c; extra == 'socks'", "d; extra == 'other'");
  const a = distribution("a", "1", "b[socks]", "e; extra == 'all'");
  expect(unmetOf("a", a, b)).toEqual([{ package: "b[socks]", version: "2", requirement: "c" }]);
  expect(unmetOf("b", a, b)).toEqual([{ package: "a[all]", version: "1", requirement: "e" }]);
});

test("a preview that is there counts, as for pip check", () => {
  const a = distribution("a", "1", "b>=2");
  expect(unmetOf("a", a, distribution("b", "2.1rc1"))).toEqual([]);
});

test("sentences, ten at most", () => {
  const lack = { package: "a", version: "1", requirement: "b>=3" };
  expect(describeUnmet([lack, { ...lack, found: "2" }])).toEqual([
    "a 1 needs b>=3, which is not installed",
    "a 1 needs b>=3, and 2 is installed",
  ]);
  const many = describeUnmet(Array.from({ length: 12 }, () => lack));
  expect(many).toHaveLength(11);
  expect(many.at(-1)).toBe("2 more requirements are not met");
});
