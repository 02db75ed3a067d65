/** No wheel brings an interpreter, or what an interpreter reads before it runs anything, by whichever way. */
import * as fs from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isInterpreterFile } from "../../src/stage/interpreter-files.ts";
import { readWheel, unpackWheel } from "../../src/wheel/index.ts";
import { createRealWorld } from "../../src/world/index.ts";
import { temporaryFolder } from "../archive/temporary.ts";
import { wheelOf } from "./wheel-writer.ts";

const { disk } = createRealWorld({});
const folder = temporaryFolder();

function unpack(files: Record<string, string>): { stage: string; unpack: () => unknown } {
  const stage = fs.mkdtempSync(join(folder, "stage-"));
  fs.writeFileSync(`${stage}.whl`, wheelOf({ files: { "greet.py": "", ...files } }));
  const wheel = readWheel(disk, `${stage}.whl`, "greet-1.0-py3-none-any.whl");
  const site = "lib/python3.11/site-packages";
  const scheme = { purelib: site, platlib: site, scripts: "bin", headers: "include", data: "" };
  return {
    stage,
    unpack: () => unpackWheel({ disk, wheel, stage, scheme, interpreter: "/usr/bin/python3" }),
  };
}

const point = (section: string, name: string): Record<string, string> => ({
  "greet-1.0.dist-info/entry_points.txt": `[${section}]\n${name} = greet:main\n`,
});

test.each([
  ["an entry point", point("console_scripts", "python3"), "bin/python3"],
  ["an entry point with a window", point("gui_scripts", "pythonw"), "bin/pythonw"],
  ["capital letters", point("console_scripts", "Python"), "bin/Python"],
  ["a script", { "greet-1.0.data/scripts/python": "#!/bin/sh\n" }, "bin/python"],
  ["a script for PyPy", { "greet-1.0.data/scripts/pypy3": "#!python\n" }, "bin/pypy3"],
  ["data", { "greet-1.0.data/data/bin/python3.11": "" }, "bin/python3.11"],
  ["data in another folder's name", { "greet-1.0.data/data/BIN/python": "" }, "BIN/python"],
  ["settings", { "greet-1.0.data/data/pyvenv.cfg": "home = /tmp\n" }, "pyvenv.cfg"],
  ["settings beside it", { "greet-1.0.data/scripts/PyVenv.cfg": "" }, "bin/PyVenv.cfg"],
  [
    "the standard library",
    { "greet-1.0.data/data/lib/python3.11/sitecustomize.py": "" },
    "lib/python3.11/sitecustomize.py",
  ],
  ["a zip file of it", { "greet-1.0.data/data/lib/python311.zip": "" }, "lib/python311.zip"],
])("by %s", (_what, files, path) => {
  const { stage, unpack: act } = unpack(files as Record<string, string>);
  expect(act).toThrow(
    expect.objectContaining({
      kind: "recipe",
      code: "WHEEL_INTERPRETER",
      message: `greet-1.0-py3-none-any.whl would install ${path}, a file of a Python interpreter`,
    }),
  );
  expect(fs.readdirSync(stage)).toEqual([]);
});

test.each([
  "bin/python",
  "bin/python2.7",
  "bin/python3.13t",
  "bin/python3.12d",
  "bin/PYTHON3",
  "bin/python.exe",
  "bin/python3-dbg",
  "bin/pypy",
  "bin/pypy3.10",
  "bin/pypy3-c",
  "bin/pybuilddir.txt",
  "bin/python311._pth",
  "lib64/python3.11/os.py",
  "lib/pypy3.10/os.py",
  "lib/libpython3.11.so.1.0",
])("%s is an interpreter's", (path) => {
  expect(isInterpreterFile(path, "bin")).toBe(true);
});

test.each([
  "bin/python-argcomplete-check-easy-install-script",
  "bin/python-config",
  "bin/pythran",
  "bin/pythonize",
  "bin/ipython3",
  "bin/pypyr",
  "share/doc/python",
  "lib/python3.11/site-packages/x/bin/python",
  "lib/python3.11/site-packages/pyvenv.cfg",
  "lib/python3.11/dist-packages/x.py",
  "lib/libmkl_core.so.2",
  "python",
  "share/pyvenv.cfg",
])("%s is not", (path) => {
  expect(isInterpreterFile(path, "bin")).toBe(false);
});

test("scripts may be in a folder of another name", () => {
  expect(isInterpreterFile("Scripts/python.exe", "scripts")).toBe(true);
  expect(isInterpreterFile("venv/bin/python", "venv/bin")).toBe(true);
});
