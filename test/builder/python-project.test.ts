/** What a Python project says of its build. */
import { expect, test } from "vitest";
import { configSettings, readBuildBackend } from "../../src/builder/python/project.ts";

const legacy = {
  backend: "setuptools.build_meta:__legacy__",
  backendPath: [],
  requires: ["setuptools"],
};

test("without a build-system, setuptools as before", () => {
  expect(readBuildBackend(undefined)).toEqual(legacy);
  expect(readBuildBackend("[project]\nname = 'x'\n")).toEqual(legacy);
});

test("a backend", () => {
  const text = "[build-system]\nrequires = ['a']\nbuild-backend = 'b:c'\nbackend-path = ['.']\n";
  expect(readBuildBackend(text)).toEqual({ backend: "b:c", backendPath: ["."], requires: ["a"] });
});

test("requirements alone", () => {
  const text = "[build-system]\nrequires = ['setuptools', 'cython']\n";
  expect(readBuildBackend(text)).toEqual({ ...legacy, requires: ["setuptools", "cython"] });
});

test.each([
  ["[build-system", "not valid TOML"],
  ["build-system = 1", "not a table"],
  ["[build-system]\nrequires = 'a'", "requires"],
  ["[build-system]\nbackend-path = [1]", "backend-path"],
  ["[build-system]\nbackend-path = ['../x']", "leads out"],
  ["[build-system]\nbackend-path = ['/x']", "leads out"],
])("%s", (text, what) => {
  expect(readBuildBackend(text)).toContain(what);
});

test("config settings", () => {
  expect(configSettings(["a=1", "b=x=y", "a=2", "c", "a=3"])).toEqual({
    a: ["1", "2", "3"],
    b: "x=y",
    c: "",
  });
});
