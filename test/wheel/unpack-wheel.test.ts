/** Unpacking good wheels, and running what comes out. */
import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Manifest, toRow } from "../../src/core/index.ts";
import {
  checkTags,
  type InstallScheme,
  parseHeaders,
  readWheel,
  type UnpackedWheel,
  unpackWheel,
} from "../../src/wheel/index.ts";
import { sealStage } from "../../src/stage/index.ts";
import { createRealWorld } from "../../src/world/index.ts";
import { temporaryFolder, treeOf } from "../archive/temporary.ts";
import { wheelOf } from "./wheel-writer.ts";

const { disk } = createRealWorld({});
const folder = temporaryFolder();
const python = execFileSync("python3", ["-c", "import sys; print(sys.executable)"])
  .toString()
  .trim();
const site = "lib/python3.11/site-packages";
const scheme: InstallScheme = {
  purelib: site,
  platlib: "lib64/python3.11/site-packages",
  scripts: "bin",
  headers: "include/python3.11",
  data: "",
};

function unpack(
  content: Buffer,
  options: { name?: string; interpreter?: string; stage?: string } = {},
): { stage: string; result: UnpackedWheel } {
  const stage = options.stage ?? fs.mkdtempSync(join(folder, "stage-"));
  const file = `${stage}.whl`;
  fs.writeFileSync(file, content);
  const wheel = readWheel(disk, file, options.name ?? "greet-1.0-py3-none-any.whl");
  const interpreter = options.interpreter ?? python;
  return { stage, result: unpackWheel({ disk, wheel, stage, scheme, interpreter }) };
}

const text = (stage: string, path: string): string => fs.readFileSync(join(stage, path), "utf8");

const rows = (manifest: Manifest): string[] =>
  manifest.map((entry) => JSON.stringify(toRow(entry)));

const entryPoints = `
# scripts
[console_scripts]
greet = greet.cli:main
nested = greet.cli:Tool.run [extra]

[gui_scripts]
greet-gui = greet.cli:main
[other]
x = y
`;

const full = wheelOf({
  files: {
    "greet/__init__.py": "",
    "greet/cli.py":
      "import sys\ndef main():\n    print('hello', *sys.argv[1:])\n    return 3\n" +
      "class Tool:\n    @staticmethod\n    def run(): print('nested')\n",
    "greet/run.sh": "#!/bin/sh\n",
    "greet/__pycache__/cli.cpython-311.pyc": "stale",
    'greet/odd,"name".txt': "odd",
    "greet-1.0.data/scripts/old": "#!python -E\nimport sys\nprint(sys.flags.ignore_environment)\n",
    "greet-1.0.data/scripts/window": "#!pythonw\r\nprint('window')\n",
    "greet-1.0.data/scripts/greet": "#!python\nprint('not the entry point')\n",
    "greet-1.0.data/scripts/shell": "#!/bin/sh\necho shell\n",
    "greet-1.0.data/headers/greet.h": "int greet;\n",
    "greet-1.0.data/data/share/greet/words": "hello\n",
    "greet-1.0.data/purelib/pure.py": "p = 1\n",
    "greet-1.0.data/platlib/plat.py": "q = 1\n",
    "greet-1.0.dist-info/entry_points.txt": entryPoints,
    "greet-1.0.dist-info/INSTALLER": "someone\n",
  },
  modes: { "greet/run.sh": 0o100755 },
  extra: [{ name: "greet-1.0.dist-info/RECORD.jws", content: "{}" }, { name: "greet/empty/" }],
});

describe("a wheel with everything", () => {
  const { stage, result } = unpack(full);

  test("is spread over the scheme", () => {
    const files = treeOf(stage)
      .map((line) => line.split(" ").slice(0, 3).join(" "))
      .filter((line) => line.startsWith("f"));
    expect(files.sort((a, b) => (a.slice(6) < b.slice(6) ? -1 : 1))).toEqual([
      "f 755 bin/greet",
      "f 755 bin/greet-gui",
      "f 755 bin/nested",
      "f 755 bin/old",
      "f 755 bin/shell",
      "f 755 bin/window",
      "f 644 include/python3.11/greet/greet.h",
      `f 644 ${site}/greet-1.0.dist-info/INSTALLER`,
      `f 644 ${site}/greet-1.0.dist-info/METADATA`,
      `f 644 ${site}/greet-1.0.dist-info/RECORD`,
      `f 644 ${site}/greet-1.0.dist-info/WHEEL`,
      `f 644 ${site}/greet-1.0.dist-info/entry_points.txt`,
      `f 644 ${site}/greet/__init__.py`,
      `f 644 ${site}/greet/cli.py`,
      `f 644 ${site}/greet/odd,"name".txt`,
      `f 755 ${site}/greet/run.sh`,
      `f 644 ${site}/pure.py`,
      "f 644 lib64/python3.11/site-packages/plat.py",
      "f 644 share/greet/words",
    ]);
    expect(text(stage, `${site}/greet-1.0.dist-info/INSTALLER`)).toBe("tenon\n");
  });

  test("gives the manifest that sealing the stage gives", () => {
    const sealed = sealStage(disk, stage, { package: "greet", drop: [] });
    expect(rows(result.manifest)).toEqual(rows(sealed.manifest));
  });

  test("has a RECORD that Python finds right and complete", () => {
    const check = `
import base64, hashlib, importlib.metadata, pathlib, sys
found = set()
for file in importlib.metadata.PathDistribution(pathlib.Path(sys.argv[1])).files:
    place = file.locate()
    found.add(str(place.resolve()))
    if file.hash:
        digest = base64.urlsafe_b64encode(hashlib.sha256(place.read_bytes()).digest())
        assert file.hash.value == digest.decode().rstrip("="), file
        assert file.size == place.stat().st_size, file
    else:
        assert file.name == "RECORD", file
there = {str(path.resolve()) for path in pathlib.Path(sys.argv[2]).rglob("*") if path.is_file()}
assert there == found, there ^ found
print(len(there))
`;
    const distInfo = join(stage, site, "greet-1.0.dist-info");
    expect(execFileSync(python, ["-c", check, distInfo, stage]).toString()).toBe("19\n");
    const lines = text(stage, `${site}/greet-1.0.dist-info/RECORD`).trim().split("\n");
    expect(lines).toContain("greet-1.0.dist-info/RECORD,,");
    const sortable = (line: string): string => line.replace(/^"/, "");
    expect(lines).toEqual(lines.toSorted((x, y) => (sortable(x) < sortable(y) ? -1 : 1)));
    expect(lines.map((line) => line.split(",")[0])).toContain("../../../bin/greet");
    expect(lines.map((line) => line.split(",")[0])).toContain("../../../share/greet/words");
  });

  test("has scripts that run", () => {
    const env = { ...process.env, PYTHONPATH: join(stage, site) };
    const run = (name: string): string =>
      execFileSync("/bin/sh", ["-c", '"$0" a "b c"; echo $?', join(stage, "bin", name)], { env })
        .toString()
        .trim();
    expect(run("greet")).toBe("hello a b c\n3");
    expect(run("greet-gui")).toBe("hello a b c\n3");
    expect(run("nested")).toBe("nested\n0");
    expect(run("old")).toBe("1\n0");
    expect(run("window")).toBe("window\n0");
    expect(run("shell")).toBe("shell\n0");
  });
});

const pip = ["-m", "pip", "--disable-pip-version-check", "--no-input"];
const hasPip = spawnSync(python, [...pip, "--version"]).status === 0;
/** A system's own Python may put what pip installs below `local/`. */
const isPlain =
  spawnSync(python, ["-c", "import sysconfig as s; print(s.get_preferred_scheme('prefix'))"])
    .stdout.toString()
    .trim() === "posix_prefix";

test.skipIf(!hasPip || !isPlain)(
  "pip installs the same files, but for what each writes itself (needs pip, and a plain scheme)",
  () => {
    const files = {
      "greet/__init__.py": "x = 1\n",
      "greet/run.sh": "#!/bin/sh\n",
      "greet-1.0.data/scripts/tool": "#!python\nprint(1)\n",
      "greet-1.0.data/purelib/pure.py": "p = 1\n",
      "greet-1.0.data/data/share/words": "hello\n",
      "greet-1.0.dist-info/entry_points.txt": "[console_scripts]\ngreet = greet:main\n",
    };
    const modes = { "greet/run.sh": 0o100755, "greet-1.0.data/scripts/tool": 0o100755 };
    const { stage } = unpack(wheelOf({ files, modes }));
    const wheel = join(folder, "greet-1.0-py3-none-any.whl");
    fs.renameSync(`${stage}.whl`, wheel);
    const theirs = fs.mkdtempSync(join(folder, "pip-"));
    const options = [
      "--no-index",
      "--no-deps",
      "--no-compile",
      "--quiet",
      "--root-user-action=ignore",
    ];
    execFileSync(python, [...pip, "install", ...options, "--prefix", theirs, wheel]);
    const own = /INSTALLER|RECORD|REQUESTED|direct_url|bin\/greet|site-packages\/__pycache__/;
    const filesOf = (root: string): string[] =>
      treeOf(root)
        .filter((line) => line.startsWith("f") && !own.test(line))
        .map((line) => line.replace(/python3\.\d+/, "python3.11"));
    expect(filesOf(stage)).toEqual(filesOf(theirs));
    expect(filesOf(stage)).toHaveLength(8);
  },
);

test.each(["with space", "with 'quote", "l".repeat(130)])(
  "scripts start an interpreter whose path is hard: %s",
  (name) => {
    const home = join(folder, name);
    fs.mkdirSync(home);
    const interpreter = join(home, "python3");
    fs.writeFileSync(interpreter, `#!/bin/sh\nexec ${python} "$@"\n`, { mode: 0o755 });
    const files = {
      "greet.py": "def main(): print('ran')\n",
      "greet-1.0.data/scripts/old": "#!python\nfrom __future__ import annotations\nprint('old')\n",
      "greet-1.0.dist-info/entry_points.txt": "[console_scripts]\ngreet=greet:main\n",
    };
    const { stage } = unpack(wheelOf({ files }), { interpreter });
    const env = { ...process.env, PYTHONPATH: join(stage, site) };
    const run = (script: string): string =>
      execFileSync(join(stage, "bin", script), { env }).toString();
    expect(run("greet")).toBe("ran\n");
    expect(run("old")).toBe("old\n");
    const kernelReads = /[\s]/.test(interpreter) || interpreter.length > 125;
    expect(text(stage, "bin/greet").startsWith("#!/bin/sh\n")).toBe(kernelReads);
  },
);

describe("reading", () => {
  test("names, tags and requirements", () => {
    const metadata =
      "Metadata-Version: 2.1\nName: Greet.Me\nVersion: 1.0.0\nRequires-Python: >=3.8\n" +
      "Requires-Dist: a>1\nRequires-Dist: b; extra == 'x'\n\nName: body\n";
    const content = wheelOf({ distInfo: "greet_me-1.0.dist-info", metadata });
    const file = join(folder, "greet_me-1.0-2-py2.py3-none-any.whl");
    fs.writeFileSync(file, content);
    const wheel = readWheel(disk, file);
    expect(wheel).toMatchObject({
      name: "Greet.Me",
      version: "1.0.0",
      build: "2",
      tags: ["py2-none-any", "py3-none-any"],
      requires: ["a>1", "b; extra == 'x'"],
      requiresPython: ">=3.8",
      isPure: true,
    });
    checkTags(wheel, new Set(["cp311-cp311-linux_x86_64", "py3-none-any"]));
  });

  test("RECORD may list folders, as it lists files or without anything", () => {
    const folders = [
      "greet/,,",
      "greet/empty/,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0",
    ];
    const files = { "greet/__init__.py": "" };
    const content = wheelOf({
      files,
      record: (lines) => [...folders, ...lines, "greet/,,"],
      extra: [{ name: "greet/" }, { name: "greet/empty/" }],
    });
    const { stage } = unpack(content);
    expect(fs.existsSync(join(stage, site, "greet/__init__.py"))).toBe(true);
    expect(text(stage, `${site}/greet-1.0.dist-info/RECORD`)).not.toContain("/,");
  });

  test("headers with the line ends of Windows, a folded one, and a description", () => {
    const text = "Name: greet\r\nSummary: a\r\n  b\r\nVersion: 1.0\r\n\r\nName: body\r\n";
    expect([...parseHeaders(text)]).toEqual([
      ["name", ["greet"]],
      ["summary", ["a b"]],
      ["version", ["1.0"]],
    ]);
    expect([...parseHeaders("Name: greet")]).toEqual([["name", ["greet"]]]);
    expect([...parseHeaders("\nName: body\n")]).toEqual([]);
  });

  test("a platform wheel goes to platlib", () => {
    const wheel = "Wheel-Version: 1.9\nRoot-Is-Purelib: false\n";
    const { stage } = unpack(wheelOf({ wheel }));
    expect(fs.existsSync(join(stage, scheme.platlib, "greet.py"))).toBe(true);
  });

  test("a stronger digest, an absent size, an equal line twice and a signature", () => {
    const lines = (all: string[]): string[] => [...all, all[0] ?? ""];
    const sized = (all: string[]): string[] => lines(all).map((line) => line.replace(/\d+$/, ""));
    expect(unpack(wheelOf({ record: lines })).result.name).toBe("greet");
    expect(unpack(wheelOf({ record: sized })).result.name).toBe("greet");
  });
});

test("a wheel that a person named says so, and where it came from", () => {
  const stage = fs.mkdtempSync(join(folder, "stage-"));
  const file = `${stage}.whl`;
  fs.writeFileSync(file, wheelOf({ files: { "greet-1.0.dist-info/direct_url.json": "old" } }));
  const wheel = readWheel(disk, file, "greet-1.0-py3-none-any.whl");
  const requested = { url: "file:///a%20b.whl", sha256: disk.digestFile(file) };
  unpackWheel({ disk, wheel, stage, scheme, interpreter: python, requested });
  const distInfo = join(site, "greet-1.0.dist-info");
  const { url, sha256 } = requested;
  expect(JSON.parse(text(stage, `${distInfo}/direct_url.json`))).toEqual({
    url,
    archive_info: { hash: `sha256=${sha256}`, hashes: { sha256 } },
  });
  expect(text(stage, `${distInfo}/REQUESTED`)).toBe("");
  const record = text(stage, `${distInfo}/RECORD`);
  expect(record).toMatch(/^greet-1\.0\.dist-info\/REQUESTED,sha256=\S+,0$/m);
  expect(record).toMatch(/^greet-1\.0\.dist-info\/direct_url\.json,sha256=/m);
  expect(fs.existsSync(join(unpack(wheelOf()).stage, distInfo, "REQUESTED"))).toBe(false);
});

describe("the stage", () => {
  test("existing folders are fine, an existing file or link is not, and nothing is written", () => {
    const stage = fs.mkdtempSync(join(folder, "stage-"));
    fs.mkdirSync(join(stage, site), { recursive: true });
    unpack(wheelOf(), { stage });
    const before = treeOf(stage);
    const other = wheelOf({ files: { "aaa.py": "", "greet.py": "" } });
    expect(() => unpack(other, { stage })).toThrow(
      expect.objectContaining({ kind: "conflict", code: "STAGE_OCCUPIED" }),
    );
    expect(treeOf(stage)).toEqual(before);
  });

  test("a symlinked folder on the way is refused", () => {
    const stage = fs.mkdtempSync(join(folder, "stage-"));
    const outside = fs.mkdtempSync(join(folder, "outside-"));
    fs.symlinkSync(outside, join(stage, "lib"));
    expect(() => unpack(wheelOf(), { stage })).toThrow(/needs lib, and the stage has a link/);
    expect(fs.readdirSync(outside)).toEqual([]);
  });
});
