/** What the workflows and CONTRIBUTING.md tell people and machines to run is there. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const { scripts, engines } = JSON.parse(readFileSync("package.json", "utf8"));
const workflows = readdirSync(".github/workflows").map((name) => `.github/workflows/${name}`);
const texts = ["CONTRIBUTING.md", ...workflows].map((file) => ({
  file,
  text: readFileSync(file, "utf8"),
}));

test.each(texts)("$file runs scripts that package.json has", ({ text }) => {
  const named = [...text.matchAll(/npm run ([a-z]+)/g)].map(([, name = ""]) => name);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
  expect(named.length).toBeGreaterThan(0);
});

test.each(texts)("$file names files that there are", ({ text }) => {
  const named = [...text.matchAll(/\b(?:node|bash) ((?:scripts|proof|\.ci)\/[\w./-]+)/g)];
  expect(named.map(([, file = ""]) => file).filter((file) => !existsSync(file))).toEqual([]);
});

test("the checks run on the oldest Node.js that tenon supports", () => {
  const oldest = /^>=(\d+)/.exec(engines.node)?.[1];
  const ci = readFileSync(".github/workflows/ci.yml", "utf8");
  expect(/node: \[(\d+),/.exec(ci)?.[1]).toBe(oldest);
});

test("a report of a fault has to have what tenon doctor says", () => {
  const form = readFileSync(".github/ISSUE_TEMPLATE/fault.yml", "utf8");
  expect(form).toMatch(/id: doctor\n(?: {4,}.*\n)* {6}required: true/);
});
