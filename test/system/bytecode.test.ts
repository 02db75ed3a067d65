/** Bytecode of real Pythons: made beforehand, never run when it is stale, and listed by verify. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { wheelOf } from "../wheel/wheel-writer.ts";
import { linesOf, openWorkshop, type Workshop } from "./workshop.ts";

const version = python("import sys; print('%d.%d' % sys.version_info[:2])");
const tag = python("import sys; print(sys.implementation.cache_tag)");
const site = `lib/python${version}/site-packages`;

let shop: Workshop;
beforeEach(() => {
  shop = openWorkshop({
    "greet-1.0-py3-none-any.whl": wheelOf({ files: greet(1) }),
    "greet-2.0-py3-none-any.whl": wheelOf({
      distInfo: "greet-2.0.dist-info",
      metadata: "Metadata-Version: 2.1\nName: greet\nVersion: 2.0\n",
      files: greet(2),
    }),
    "odd-1.0-py3-none-any.whl": wheelOf({
      distInfo: "odd-1.0.dist-info",
      metadata: "Metadata-Version: 2.1\nName: odd\nVersion: 1.0\n",
      files: { "odd.py": "print 1\n", "even.py": "" },
    }),
  });
});
afterEach(() => shop.dispose());

/** Two modules; every version has the same sizes and times. */
function greet(word: number): Record<string, string> {
  return { "greet.py": `hello = ${word}\n`, "greetings/many.py": `hello = ${word}\n` };
}

function python(program: string, environment: Record<string, string> = {}): string {
  const { stdout, stderr, status } = spawnSync("python3", ["-c", program], {
    env: { PATH: process.env["PATH"], ...environment },
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout.trim();
}

const show = "import greet, greetings.many; print(greet.hello, greetings.many.hello)";

function run(changes: Record<string, string> = {}): string {
  return python(show, { PYTHONPATH: `${shop.prefix}/${site}`, ...changes });
}

function bytecode(): string[] {
  return ["", "greetings/"]
    .map((folder) => `${shop.prefix}/${site}/${folder}__pycache__`)
    .flatMap((folder) => (fs.existsSync(folder) ? fs.readdirSync(folder) : []));
}

test("a module that is replaced by one of the same size and time is not run stale", async () => {
  await shop.must("install", "--compile-bytecode", "greet-1.0-py3-none-any.whl");
  expect(bytecode()).toEqual([`greet.${tag}.pyc`, `many.${tag}.pyc`]);
  expect(run({ PYTHONDONTWRITEBYTECODE: "1" })).toBe("1 1");

  const module = `${shop.prefix}/${site}/greet.py`;
  const { atime, mtime } = fs.statSync(module);
  fs.rmSync(module); // the store's own file stays as it is
  fs.writeFileSync(module, "hello = 7\n");
  fs.utimesSync(module, atime, mtime);
  expect(run({ PYTHONDONTWRITEBYTECODE: "1" })).toBe("7 1");

  await shop.must("install", "--compile-bytecode", "greet-2.0-py3-none-any.whl");
  expect(run({ PYTHONDONTWRITEBYTECODE: "1" })).toBe("2 2");
  await shop.must("install", "greet-1.0-py3-none-any.whl");
  expect(bytecode()).toEqual([]);
  expect(run()).toBe("1 1");
});

test("bytecode belongs to nobody and leaves with its modules", async () => {
  await shop.must("install", "--compile-bytecode", "greet-1.0-py3-none-any.whl");
  expect(linesOf(await shop.must("verify"))).toEqual([
    expect.stringMatching(/^ok: \d+ files of 1 package as recorded$/),
  ]);
  const files = linesOf(await shop.must("files", "greet"));
  expect(files.filter((line) => line.includes("pyc"))).toEqual([]);
  await shop.must("remove", "greet");
  expect(fs.existsSync(`${shop.prefix}/lib`)).toBe(false);
});

test("a module that this Python cannot compile stops nothing", async () => {
  const ended = await shop.run(["install", "--compile-bytecode", "odd-1.0-py3-none-any.whl"]);
  expect(ended).toMatchObject({ code: 0, stdout: "installed 1 package: odd 1.0\n" });
  expect(ended.stderr).toMatch(/note: .*\/odd\.py has no bytecode: /);
  expect(bytecode()).toEqual([`even.${tag}.pyc`]);
});

test("a staged tree is not compiled, and that is said", async () => {
  const stage = ["--name", "a", "--version", "1", "--stage", "stage"];
  const ended = await shop.run(["install", "--compile-bytecode", ...stage]);
  expect(ended).toMatchObject({ code: 2 });
  expect(ended.stderr).toContain("--compile-bytecode is for wheels");
});

test("verify lists what Python would make anew, and what is left of a module that is gone", async () => {
  await shop.must("install", "greet-1.0-py3-none-any.whl");
  expect(run()).toBe("1 1");
  expect(linesOf(await shop.must("verify"))).toHaveLength(1);

  fs.utimesSync(`${shop.prefix}/${site}/greet.py`, 1, 1);
  fs.writeFileSync(`${shop.prefix}/${site}/mine.py`, "");
  python("import mine", { PYTHONPATH: `${shop.prefix}/${site}` });
  fs.rmSync(`${shop.prefix}/${site}/mine.py`);
  const cache = `${site}/__pycache__`;
  const stale = [`${cache}/greet.${tag}.pyc`, `${cache}/mine.${tag}.pyc`];
  expect(linesOf(await shop.must("verify")).slice(1)).toEqual([
    "2 by-products out of date (`tenon verify --repair` removes them):",
    ...stale.map((path) => `  ${path}`),
  ]);
  expect(linesOf(await shop.must("verify", "--repair"))).toEqual(
    stale.map((path) => `removed ${path}, which was out of date`),
  );
  expect(bytecode()).toEqual([`many.${tag}.pyc`]);
  expect(linesOf(await shop.must("verify"))).toHaveLength(1);
});
