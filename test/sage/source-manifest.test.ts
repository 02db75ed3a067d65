/** Which files MANIFEST.in makes part of a project's source. */
import { expect, test } from "vitest";
import { selectFiles } from "../../src/sage/source-manifest.ts";

const files = ["top.py", "lib/a.py", "lib/a.pyx", "lib/b.pxd", "lib/deep/c.py", "lib/deep/c.c"];
const select = (...lines: readonly string[]): string[] => selectFiles(lines.join("\n"), files);

test("without a command it is all of them", () => {
  expect(select("", "# include nothing", "unknown lib")).toEqual(files);
});

test.each([
  ["prune", ["prune lib"], ["top.py"]],
  ["exclude, by a pattern that ends at a slash", ["exclude lib/*.p* top.py"], files.slice(4)],
  ["global-exclude", ["global-exclude *.py", "global-exclude *.c"], ["lib/a.pyx", "lib/b.pxd"]],
  ["recursive-exclude", ["recursive-exclude lib *.p*"], ["top.py", "lib/deep/c.c"]],
  ["include, after others have taken it out", ["prune lib", "include lib/a.p*  # both"], 0],
  [
    "graft, with what is below it",
    ["prune .", "graft lib/deep/"],
    ["lib/deep/c.py", "lib/deep/c.c"],
  ],
  ["recursive-include", ["prune .", "recursive-include li? [ab].p*"], 1],
  ["global-include", ["prune .", "global-include \\", "  a.*"], ["lib/a.py", "lib/a.pyx"]],
])("%s", (_, lines, expected) => {
  const known = [
    ["top.py", "lib/a.py", "lib/a.pyx"],
    ["lib/a.py", "lib/a.pyx", "lib/b.pxd"],
  ];
  expect(select(...lines)).toEqual(typeof expected === "number" ? known[expected] : expected);
});

test("a name with a regular expression's signs is a name", () => {
  expect(selectFiles("exclude a+(b).*", ["a+(b).c", "aab.c"])).toEqual(["aab.c"]);
});
