/** Which interpreter wheels are installed for, and what is run to ask it: nothing that a wheel brought. */
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import type { PythonFacts } from "../../src/builder/index.ts";
import { findPython, type FoundPython } from "../../src/distributions/find-python.ts";
import { askOnce } from "../../src/distributions/known-python.ts";
import { installStage } from "../../src/operations/install.ts";
import { layoutOf } from "../../src/prefix/index.ts";
import { openStore } from "../../src/store/index.ts";
import { createRealWorld } from "../../src/world/index.ts";
import { temporaryFolder } from "../archive/temporary.ts";

const folder = fs.realpathSync(temporaryFolder());
const world = createRealWorld({});
const path = process.env["PATH"] ?? "";
const python = execFileSync("python3", ["-c", "import sys; print(sys.executable)"])
  .toString()
  .trim();
const [site = ""] = execFileSync("python3", [
  "-c",
  "import sys; print('lib/python%d.%d/site-packages' % sys.version_info[:2])",
])
  .toString()
  .split("\n");

let prefix: string;
let marker: string;
let notes: string[];
beforeEach(() => {
  const own = fs.mkdtempSync(join(folder, "test-"));
  prefix = join(own, "prefix");
  marker = join(own, "was-run");
  notes = [];
});

const find = (): Promise<FoundPython> =>
  findPython(world, layoutOf(prefix), {
    python: "python3",
    environment: { PATH: path },
    emit: (event) => void (event.kind === "note" && notes.push(event.text)),
  });

const spy = (): string => `#!/bin/sh\ntouch ${marker}\nexec ${python} "$@"\n`;

function writeTree(root: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(dirname(join(root, name)), { recursive: true });
    fs.writeFileSync(join(root, name), text, { mode: 0o755 });
  }
}

const quiet = { activity: "test", sync: false, emit: () => {} };

/** As a package of the prefix, by the name and version that `greet-1.dist-info` gives. */
async function joinAs(name: string, files: Record<string, string>): Promise<void> {
  const stage = join(dirname(prefix), `stage-of-${name}`);
  writeTree(stage, files);
  const opened = { world, layout: layoutOf(prefix), store: undefined, ...quiet };
  const result = await installStage(opened, {
    name,
    version: "1",
    stage,
    keepStage: false,
    allowSetuid: false,
    allowEmpty: false,
    replaces: [],
  });
  expect(result.kind).toBe("done");
}

const ofWheel = (name: string): Record<string, string> => ({
  [`${site}/${name}-1.dist-info/INSTALLER`]: "tenon\n",
});

test("that of the prefix, when a recipe built it, also with what pip brought into it", async () => {
  const pip = { [`${site}/pip-23.dist-info/INSTALLER`]: "pip\n" };
  await joinAs("cpython", { "bin/python3": spy(), ...pip });
  expect((await find()).interpreter).toBe(`${prefix}/bin/python3`);
  expect(fs.existsSync(marker)).toBe(true);
  expect(notes).toEqual([]);
});

test("not one that came with a wheel of an earlier tenon", async () => {
  await joinAs("greet", { "bin/python3": spy(), ...ofWheel("greet") });
  const found = await find();
  expect(found.interpreter).toBe(found.python.executable);
  expect(fs.existsSync(marker)).toBe(false);
  expect(notes).toEqual([
    `${prefix}/bin/python3 came with the wheel greet 1, so it is not run: scripts name ${found.interpreter}`,
  ]);
});

test("nor through a link that a person made", async () => {
  await joinAs("greet", { "bin/snake": spy(), ...ofWheel("greet") });
  fs.symlinkSync("snake", `${prefix}/bin/python`);
  await find();
  expect(fs.existsSync(marker)).toBe(false);
});

test("nor one whose settings came with a wheel", async () => {
  await joinAs("cpython", { "bin/python3": spy() });
  await joinAs("greet", { "pyvenv.cfg": "home = /tmp\n", ...ofWheel("greet") });
  await find();
  expect(fs.existsSync(marker)).toBe(false);
});

test("nor one that pip brought", async () => {
  writeTree(prefix, {
    "bin/python3": spy(),
    [`${site}/greet-1.dist-info/METADATA`]: "",
    [`${site}/greet-1.dist-info/RECORD`]: "../../../bin/python3,,\n",
  });
  await find();
  expect(fs.existsSync(marker)).toBe(false);
  expect(notes[0]).toContain("came with the wheel greet 1");
});

test("nothing that is installed is run when it is asked", async () => {
  execFileSync("python3", ["-m", "venv", "--without-pip", prefix]);
  const touch = `open(${JSON.stringify(marker)}, "w")`;
  writeTree(`${prefix}/${site}`, {
    "evil.pth": `import sys; ${touch}\n`,
    "sitecustomize.py": touch,
    "usercustomize.py": touch,
    "sysconfig.py": touch,
    "os.py": touch,
  });
  const { interpreter, python: facts } = await find();
  expect(interpreter).toBe(`${prefix}/bin/python`);
  expect(facts.scheme.purelib).toBe(site);
  expect(fs.existsSync(marker)).toBe(false);
  execFileSync(interpreter, ["-c", ""], { stdio: "ignore" });
  expect(fs.existsSync(marker)).toBe(true); // else this test would find nothing
});

test.each(["--symlinks", "--copies"])(
  "a virtual environment names what it was made from: %s",
  async (option) => {
    execFileSync("python3", ["-m", "venv", "--without-pip", option, prefix]);
    const { python: facts } = await find();
    expect(facts.executable).toBe(fs.realpathSync(python));
  },
);

test("an interpreter is asked once, whichever link leads to it, and again when it is another file", async () => {
  const store = openStore(world, join(prefix, "../store"), { sync: false });
  const program = join(prefix, "../python-of-test");
  fs.copyFileSync("/bin/sh", program);
  fs.utimesSync(program, 1, 1);
  let asked = 0;
  const facts = { executable: program, version: "3.11.7", abi: "cp311", supportedTags: [] };
  const more = { scheme: { purelib: "lib" }, markers: { os_name: "posix" } };
  const later = { ...world, clock: { ...world.clock, now: () => world.clock.now() + 60_000 } };
  const ask = (file: string): Promise<unknown> =>
    askOnce(later, store, file, async () => {
      asked += 1;
      return { ...facts, ...more, asked } as unknown as PythonFacts;
    });
  const link = join(prefix, "../link");
  fs.symlinkSync(program, link);
  expect(await ask(program)).toMatchObject({ asked: 1 });
  expect(await ask(link)).toMatchObject({ asked: 1 });
  fs.chmodSync(program, 0o700);
  expect(await ask(link)).toMatchObject({ asked: 2 });
  const [note = ""] = fs.readdirSync(store.layout.wheels);
  fs.writeFileSync(`${store.layout.wheels}/${note}`, '{"identity": 1}');
  expect(await ask(program)).toMatchObject({ asked: 3 });
  const shim = join(prefix, "../shim");
  fs.copyFileSync("/bin/sh", shim);
  expect(await ask(shim)).toMatchObject({ asked: 4 });
  expect(await ask(shim)).toMatchObject({ asked: 5 });
});
