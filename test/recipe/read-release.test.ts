/** The file of a release: what it says, and what is wrong in it. */
import { expect, test } from "vitest";
import { readRelease } from "../../src/recipe/index.ts";

const choices = { sets: ["whole", "runtime"], formats: ["tar.zst", "sh"] };

function read(text: string) {
  return readRelease("/releases/sage.toml", Buffer.from(text), choices);
}

test("its folders are taken from where it is", () => {
  const text = `[checkout]
path = "../built"
[build]
script = "make"
[stage]
patterns = [{ exclude = "a/**" }, { include = "a/b" }]
[dist]
formats = ["sh"]
`;
  expect(read(text)).toEqual({
    checkout: { path: "/built" },
    build: "make",
    stage: { patterns: [{ exclude: "a/**" }, { include: "a/b" }] },
    dist: { folder: "/releases/dist", formats: ["sh"] },
  });
});

test("all its mistakes are told together", () => {
  const text = `[checkout]
ref = "1"
[stage]
set = "half"
patterns = [{ include = "a", exclude = "b" }]
[dist]
formats = ["zip"]
`;
  const told = (): unknown => read(text);
  expect(told).toThrow(/checkout has no path/);
  expect(told).toThrow(/stage\.set is "half"/);
  expect(told).toThrow(/stage\.patterns\[0\] is not one pattern/);
  expect(told).toThrow(/dist\.formats is "zip"/);
});
