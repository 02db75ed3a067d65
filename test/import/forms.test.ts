/** Which projects are built from source, and which are not. */
import { expect, test } from "vitest";
import { type FormOptions, readForms } from "../../src/import/forms.ts";

const forms = (options: Partial<FormOptions>) =>
  readForms({ noBinary: [], onlyBinary: [], ...options });

test.each<[string, Partial<FormOptions>, (string | undefined)[], string[]]>([
  ["nothing said", {}, [undefined, undefined, undefined], []],
  ["all from source", { all: "sdist" }, ["sdist", "sdist", "sdist"], []],
  ["all as wheels", { all: "wheel" }, ["wheel", "wheel", "wheel"], [":all:"]],
  ["all but one", { all: "sdist", onlyBinary: ["B_b"] }, ["sdist", "wheel", "sdist"], ["b-b"]],
  ["wheels but one", { all: "wheel", noBinary: ["a"] }, ["sdist", "wheel", "wheel"], []],
  [":all:", { noBinary: [":all:"], onlyBinary: ["a,c"] }, ["wheel", "sdist", "wheel"], ["a", "c"]],
])("%s", (_, options, expected, onlyBinary) => {
  const decided = forms(options);
  expect(["a", "b-b", "c"].map((name) => decided.of(name))).toEqual(expected);
  expect(decided.onlyBinary).toEqual(onlyBinary);
});
