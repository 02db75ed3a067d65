/** Real logs of builds that really failed: what is read in them, and that it is the same elsewhere. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Explanation, explainLog } from "../../src/failure/index.ts";
import { judge, type Wanted } from "./judge.js";

const folder = "test/failure/corpus";
const expected = JSON.parse(readFileSync(`${folder}/expected.json`, "utf8")) as Record<
  string,
  Wanted
>;
const names = Object.keys(expected);
const logOf = (name: string): string => readFileSync(`${folder}/${name}.log`, "utf8");
const explain = (name: string, log: string): Explanation =>
  explainLog({ package: name, step: "build", log, ending: "make ended with exit code 2" });

test("every log has its expectation, and at least sixty do", () => {
  const logs = readdirSync(folder).filter((file) => /^(?!.*\.again).*\.log$/.test(file));
  expect(logs.map((file) => file.slice(0, -".log".length)).sort()).toEqual([...names].sort());
  expect(names.length).toBeGreaterThanOrEqual(60);
});

test.each(names)("%s", (name) => {
  const log = logOf(name);
  const wanted = expected[name];
  expect(wanted && judge(explain(name, log), log, wanted)).toEqual([]);
});

describe("fingerprints", () => {
  test.each(names)("%s: the same in another folder", (name) => {
    expect(existsSync(`${folder}/${name}.again.log`)).toBe(true);
    const again = explain(name, logOf(`${name}.again`)).fingerprint;
    expect(again).toBe(explain(name, logOf(name)).fingerprint);
  });

  test("those of different failures differ; the same failure has one, whoever tells it", () => {
    const groups = new Map<string, string[]>();
    for (const name of names) {
      const { fingerprint } = explain(name, logOf(name));
      groups.set(fingerprint, [...(groups.get(fingerprint) ?? []), name]);
    }
    const shared = [...groups.values()].filter(({ length }) => length > 1);
    expect(shared).toEqual(sameFailure);
  });
});

/** The same thing is missing, or the same test fails. */
const sameFailure = [
  ["autoconf-header", "meson-check-header"],
  ["autoconf-pkgconfig", "cmake-pkgconfig"],
  ["bash-command", "sh-command"],
  ["cargo-link", "python-dlopen"],
  ["cmake-library", "meson-library"],
  ["ctest", "meson-test"],
  ["make-header", "make-header-clang"],
  ["make-library", "make-library-lld"],
  ["pip-fiona", "pip-gdal"],
  ["pip-gmpy2", "src-mpfr"],
  ["pip-pycairo", "pip-pygobject"],
  ["pip-pycrypto", "pip-sasl"],
];
