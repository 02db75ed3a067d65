/** Bytecode of installed modules is made by few interpreters. */
import { expect, test } from "vitest";
import { makeManifest } from "../../src/core/index.ts";
import { type Compilation, compileBytecode } from "../../src/distributions/compile-bytecode.ts";
import {
  createSimulatedWorld,
  type SimulatedWorldOptions,
} from "../../src/world/simulated/index.ts";

const sha256 = "0".repeat(64);
const paths = ["site/a.py", "site/p/b.py", "site/p/data.txt", "sites/c.py", "bin/d.py"];
const compilation: Compilation = {
  interpreter: "/opt/p/bin/python",
  prefix: "/opt/p",
  folders: ["site"],
  manifests: paths.map((path) =>
    makeManifest([{ type: "file", path, mode: 0o644, sizeBytes: 1, sha256 }]),
  ),
};

function worldOf(stdout: string, code = 0): Required<Pick<SimulatedWorldOptions, "answer">> {
  return { answer: () => ({ outcome: { kind: "exited", code }, stdout, stderr: "a\nwhy\n" }) };
}

test("one interpreter compiles the importable modules of all packages", async () => {
  const world = createSimulatedWorld(worldOf("[]"));
  expect(await compileBytecode(world, compilation)).toEqual([]);
  expect(world.processes.calls).toHaveLength(1);
  expect(world.processes.calls[0]).toMatchObject({
    program: "/opt/p/bin/python",
    input: "/opt/p/site/a.py\0/opt/p/site/p/b.py",
  });
});

test("many modules are dealt out to several interpreters, each to one", async () => {
  const world = createSimulatedWorld(worldOf(JSON.stringify([{ file: "/a.py", reason: "odd" }])));
  const names = Array.from({ length: 250 }, (_, index) => `site/m${index}.py`);
  const manifests = [
    makeManifest(
      names.map((path) => ({ type: "file", path, mode: 0o644, sizeBytes: 1, sha256 }) as const),
    ),
  ];
  const notes = await compileBytecode(world, { ...compilation, manifests });
  const shares = world.processes.calls.map(({ input }) => String(input).split("\0"));
  expect(shares.map((share) => share.length)).toEqual([84, 83, 83]);
  expect(shares.flat().sort()).toEqual(names.map((name) => `/opt/p/${name}`).sort());
  expect(notes).toEqual(["/a.py has no bytecode: odd; nor have 2 more"]);
});

test("none is started where there is nothing to compile", async () => {
  const world = createSimulatedWorld();
  expect(await compileBytecode(world, { ...compilation, manifests: [] })).toEqual([]);
  expect(world.processes.calls).toEqual([]);
});

const [a, b] = [
  { file: "/a.py", reason: "invalid syntax" },
  { file: "/b.py", reason: "null bytes" },
];
test.each<[string, SimulatedWorldOptions, string]>([
  ["is not there", {}, "no bytecode was made: /opt/p/bin/python: ENOENT"],
  ["fails", worldOf("[]", 1), "no bytecode was made: /opt/p/bin/python did not end well: why"],
  ["says nothing", worldOf(""), "no bytecode was made: /opt/p/bin/python did not end well: why"],
  ["refuses one", worldOf(JSON.stringify([a])), "/a.py has no bytecode: invalid syntax"],
  [
    "refuses two",
    worldOf(JSON.stringify([a, b])),
    "/a.py has no bytecode: invalid syntax; nor have 1 more",
  ],
])("an interpreter that %s is only told", async (_what, options, note) => {
  expect(await compileBytecode(createSimulatedWorld(options), compilation)).toEqual([note]);
});
