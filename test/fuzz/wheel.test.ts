/** Wheels with odd members, lists and metadata: installed as RECORD says, or refused with a sentence. */
import * as fs from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect } from "vitest";
import { digestOf } from "../../src/core/index.ts";
import { readWheel, unpackWheel } from "../../src/wheel/index.ts";
import { isInterpreterFile } from "../../src/stage/interpreter-files.ts";
import { createRealWorld } from "../../src/world/index.ts";
import { temporaryFolder } from "../archive/temporary.ts";
import { recordLine, wheelOf } from "../wheel/wheel-writer.ts";
import { byteEdits, edited } from "./byte-edits.ts";
import { fuzz } from "./fuzzing.ts";
import { oddPath } from "./odd-paths.ts";
import { type Sandbox, tryIn } from "./sandbox.ts";

const { disk } = createRealWorld({});
const folder = temporaryFolder();
const site = "lib/python3.11/site-packages";
const scheme = { purelib: site, platlib: site, scripts: "bin", headers: "include", data: "" };
const distInfo = "greet-1.0.dist-info";

const kinds = [
  "scripts",
  "data",
  "data/bin",
  "data/lib",
  "purelib",
  "platlib",
  "headers",
  "lib",
  "",
];
const names = ["greet", "python3", "Python", "pypy3-c", "pyvenv.cfg", "x.pyc", "__pycache__/x.pyc"];
const path = fc.oneof(
  oddPath,
  fc.constantFrom(...names, "greet.py", "greet/__init__.py", `${distInfo}/RECORD.jws`),
  fc
    .tuple(fc.constantFrom(...kinds), fc.oneof(fc.constantFrom(...names), oddPath))
    .map(([kind, name]) => `greet-1.0.data/${kind}/${name}`),
);
const content = fc.constantFrom(
  "",
  "text\n",
  "#!python\n# coding: latin-1\n",
  "#!pythonw -E $(id)\r\n",
  "#!python",
  "x".repeat(5000),
);

const word = fc.constantFrom(
  "[console_scripts]",
  "[gui_scripts]",
  "[x]",
  "greet = greet:main",
  "python3 = greet:main",
  "../x = a:b",
  "a = b",
  "= a:b",
  "a = a:b [x]",
  "# words",
  "é = é:é",
  "a = a:b()",
  "[",
  "\0",
);
const header = fc.constantFrom(
  "Name: greet",
  "Version: 1.0",
  "Version: 1",
  "Name: ../x",
  "Metadata-Version: 2.1",
  " folded",
  "Metadata-Version: 9",
  "Requires-Python: >=3.8",
  "Requires-Dist: a; (((",
  "",
  "no colon",
  ":",
);
const row = fc.oneof(
  path.map((name) => recordLine(name, "")),
  fc.constantFrom(
    "a/,,",
    "/,,",
    "../x/,,",
    ",,",
    '"',
    '""',
    '"a,,',
    "a,sha256=,",
    "a,md5=00,1",
    "a,,-1",
  ),
);

const input = fc.record({
  files: fc.dictionary(path, content, { maxKeys: 5 }),
  points: fc.option(fc.array(word, { maxLength: 5 }), { nil: undefined }),
  metadata: fc.oneof(fc.constant(undefined), fc.array(header, { maxLength: 6 })),
  rows: fc.array(row, { maxLength: 2 }),
  gone: fc.nat(20),
  edits: byteEdits,
  longPath: fc.boolean(),
});

function check({ archive, out }: Sandbox, interpreter: string): void {
  const wheel = readWheel(disk, archive, "greet-1.0-py3-none-any.whl");
  const { manifest } = unpackWheel({ disk, wheel, stage: out, scheme, interpreter });
  const found = fs
    .readdirSync(out, { recursive: true, encoding: "utf8" })
    .filter((each) => fs.lstatSync(join(out, each)).isFile());
  const files = manifest.flatMap((entry) => (entry.type === "file" ? [entry] : []));
  expect(found.sort()).toEqual(files.map((entry) => entry.path).sort());
  for (const entry of files) {
    expect(digestOf(fs.readFileSync(join(out, entry.path)))).toBe(entry.sha256);
    expect(isInterpreterFile(entry.path, "bin"), entry.path).toBe(false);
  }
}

fuzz("a wheel", input, async ({ files, points, metadata, rows, gone, edits, longPath }) => {
  const all = { "greet.py": "", ...files };
  if (points !== undefined)
    Object.assign(all, { [`${distInfo}/entry_points.txt`]: points.join("\n") });
  const wheel = wheelOf({
    files: all,
    ...(metadata === undefined ? {} : { metadata: metadata.join("\n") }),
    record: (lines) => [...lines.filter((_, at) => at !== gone), ...rows],
  });
  const interpreter = longPath ? `/${"long ".repeat(30)}é\\/python` : "/usr/bin/python3";
  await tryIn(folder, edited(wheel, edits), (sandbox) => check(sandbox, interpreter));
});
