/** Names and words from outside, through each command that shows them: none is obeyed by a terminal. */
import * as fs from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWorkshop, type Workshop } from "./workshop.ts";

/** An escape, C1, a bell, a backspace, an end of line, another direction, no width. */
const evil = "\u001B]0;owned\u0007\u009B31m\b\nok: 9 files\u202E\u2066\u200B\u2028\u0085";
const evilInShell = String.raw`\033]0;owned\007\302\23331m\010\342\200\256\033(0`;
const obeyed = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

let shop: Workshop;

beforeAll(async () => {
  shop = openWorkshop({
    "packages/noisy.toml": `name = "noisy"\nversion = "1"\n[build]\nsystem = "script"\nscript = '''printf 'error: ${evilInShell}\\n'; exit 1'''\n`,
    "packages/zip.toml": 'name = "zip"\nversion = "1"\n[build]\nsystem = "script"\nscript = ":"\n',
    "broken/tenon.toml": "[workspace]\nprefix = 'p'\n",
    "broken/packages/a.toml": `name = "a"\nversion = "1"\n"k\\u202E\\u009B" = 1\nurl = "\u009B\u202E"\n[build]\nsystem = "make"\n`,
    "requirements.txt": "\u009B31m==1\n",
    [`lonely/${evil}/tenon.toml`]: "[workspace]\n",
  });
  for (const name of ["one", "two"]) {
    fs.mkdirSync(`${shop.root}/${name}/share`, { recursive: true });
    fs.writeFileSync(`${shop.root}/${name}/share/${evil}`, name);
    fs.writeFileSync(`${shop.root}/${name}/share/${name}`, name);
  }
  const at = ["--stage", `${shop.root}/one`, "--prefix", shop.prefix];
  await shop.must("install", "--name", "one", "--version", "1", ...at);
  fs.appendFileSync(`${shop.prefix}/share/${evil}`, "edited");
  fs.writeFileSync(`${shop.prefix}/share/${evil}2`, "foreign");
});
afterAll(() => shop.dispose());

const inPrefix = (...words: string[]) => [...words, "--prefix", shop.prefix];
const stage = () => ["--version", "1", "--stage", `${shop.root}/two`];

test.each([
  ["files", () => inPrefix("files", "one")],
  ["files --json", () => inPrefix("files", "one", "--json")],
  ["owner", () => inPrefix("owner", `${shop.prefix}/share/${evil}`)],
  ["owner of nothing", () => inPrefix("owner", `${shop.prefix}/${evil}`)],
  ["list", () => inPrefix("list")],
  ["verify", () => inPrefix("verify")],
  ["verify --json", () => inPrefix("verify", "--json")],
  ["history", () => inPrefix("history")],
  ["a conflict", () => inPrefix("install", "--name", "two", ...stage())],
  ["a wrong name", () => inPrefix("install", "--name", evil, ...stage())],
  ["a missing wheel", () => inPrefix("install", `${evil}.whl`)],
  ["a missing package", () => inPrefix("files", evil)],
  ["a failed build", () => ["build", "noisy"]],
  ["a failed build --json", () => ["build", "noisy", "--json"]],
  ["a missing recipe", () => ["build", evil]],
  ["a wrong recipe", () => ["build", "-C", "broken"]],
  ["a folder's own name", () => ["build", "-C", `lonely/${evil}`]],
  ["a workspace that is not there", () => ["list", "-C", `/${evil}`]],
  ["why", () => ["why", evil]],
  ["graph", () => ["graph", evil]],
  ["import", () => ["import", "requirements.txt"]],
  ["add", () => ["add", `pypi:${evil}`]],
  ["an unknown command", () => [evil]],
  ["an unknown option", () => ["build", `--${evil}`]],
  ["a wrong value", () => ["build", "--isolation", evil]],
])("%s", async (_what, args) => {
  const { stdout, stderr } = await shop.run(args());
  expect(stdout + stderr).not.toBe("");
  expect(stdout + stderr).not.toMatch(obeyed);
  expect(`${stdout}\n${stderr}`).not.toMatch(/^ok: 9 files/m);
});

test("for machines a name is exact", async () => {
  const { stdout } = await shop.run(inPrefix("files", "one", "--json"));
  const paths = stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line).path);
  expect(paths).toContain(`share/${evil}`);
});

test("a log is given into a pipe byte for byte", async () => {
  const { stdout } = await shop.run(["log", "noisy"]);
  expect(stdout).toContain("error: \u001B]0;owned\u0007\u009B31m\b\u202E\u001B(0\n");
});
