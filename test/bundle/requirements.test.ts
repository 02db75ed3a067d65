/** What a bundle asks of a machine, and how it is refused where that is not there. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import { afterAll, expect, test } from "vitest";
import { renderHead } from "../../src/bundle/head.ts";
import { needsOf, type Requirements, requirementsOf } from "../../src/bundle/requirements.ts";
import { digestOf } from "../../src/core/index.ts";

const root = fs.mkdtempSync(`${os.tmpdir()}/tb-needs-`);
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

const none: Requirements = { loaders: [], libraries: [], files: [] };

/** A bundle without an archive, which is asked whether the machine does. */
function check(requirements: Requirements) {
  const head = renderHead({ name: "a", tool: "1", packages: 1, requirements });
  const [before, behind] = [head.text.slice(0, head.digestAt), head.text.slice(head.digestAt + 64)];
  fs.writeFileSync(`${root}/a.sh`, `${before}${digestOf(before + behind)}${behind}`);
  const { status, stdout, stderr } = spawnSync("sh", [`${root}/a.sh`, "--check"], {
    encoding: "utf8",
    env: { PATH: process.env["PATH"] },
  });
  return { status, said: stdout + stderr };
}

function needsOfProgram(file: string) {
  const content = fs.readFileSync(file);
  return needsOf("bin/node", (offset, length) => content.subarray(offset, offset + length));
}

test("a real program says its architecture, loader, libraries and the symbols that ask for them", () => {
  const needs = needsOfProgram(process.execPath);
  expect(needs).toMatchObject({
    machine: spawnSync("uname", ["-m"], { encoding: "utf8" }).stdout.trim(),
    loader: expect.stringMatching(/^\/lib.*\/ld-linux.*\.so\.\d$/),
  });
  const libc = needs?.libraries.find(({ name }) => name === "libc.so.6");
  const symbols = libc?.versions.map(({ symbol }) => symbol);
  expect(symbols?.length).toBeGreaterThan(1);
  expect(symbols).not.toContain(undefined);
  const requirements = requirementsOf([needs as NonNullable<typeof needs>], {
    here: [],
    files: [],
  });
  expect(requirements.leastGlibc).toMatchObject({
    what: expect.stringMatching(/^2\.\d+$/),
    path: "bin/node",
    symbol: expect.any(String),
  });
  expect(check(requirements)).toMatchObject({
    status: 0,
    said: expect.stringContaining("this machine has what it needs"),
  });
});

test("a library of its own is not asked of the machine", () => {
  const needs = {
    path: "bin/x",
    machine: "x86_64",
    libraries: [
      { name: "libown.so.1", versions: [] },
      { name: "libother.so.2", versions: [{ version: "OTHER_1", symbol: "go" }] },
    ],
  };
  expect(requirementsOf([needs], { here: ["lib/libown.so.1"], files: [] }).libraries).toEqual([
    { what: "libother.so.2", path: "bin/x", symbol: "go", versions: ["OTHER_1"] },
  ]);
});

test("what is missing is told all at once, with the file and the symbol that ask for it", () => {
  const asked = { path: "bin/x", symbol: "go" };
  const { status, said } = check({
    machine: { what: "vax", ...asked },
    loaders: [{ what: "/lib/ld-none.so.1", path: "bin/y" }],
    leastGlibc: { what: "2.999", ...asked },
    libraries: [
      { what: "libnone.so.1", ...asked, versions: [] },
      { what: "libc.so.6", path: "lib/it's.so", versions: ["NONE_1.0"] },
    ],
    files: [{ what: "/no/such/python", path: "bin/python3" }],
  });
  expect(status).toBe(4);
  for (const line of [
    "the architecture vax, for which bin/x (go) is made; this is ",
    "the loader /lib/ld-none.so.1, for which bin/y asks",
    "the GNU C library 2.999 or newer, for which bin/x (go) asks; here is 2.",
    "the library libnone.so.1, for which bin/x (go) asks",
    "NONE_1.0 in the library /",
    "for which lib/it's.so asks",
    "the file /no/such/python, to which bin/python3 leads",
  ])
    expect(said).toContain(line);
  expect(said).not.toContain("the library libc.so.6");
});

test("older and newer versions of the C library are told apart by number", () => {
  const asks = (what: string) =>
    check({
      ...none,
      leastGlibc: { what, path: "bin/x" },
      libraries: [{ what: "libc.so.6", path: "bin/x", versions: [] }],
    }).status;
  expect([asks("2.4"), asks("2.9"), asks("1.100"), asks("3.0")]).toEqual([0, 0, 0, 4]);
});
