/** Whatever the files of a workspace hold, reading them gives a workspace or an error in words. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inOrder } from "../../src/plan/index.ts";
import { readWorkspace } from "../../src/recipe/index.ts";
import { createSimulatedDisk } from "../../src/world/simulated/index.ts";
import { fuzz } from "./fuzzing.ts";
import { nearlyText, valueOrRefusal } from "./text-edits.ts";

const files = {
  "tenon.toml": `[workspace]
prefix = "prefix"
recipes = "packages"
store = "store"
python = "python3"
link = "copy"
path = ["/usr/bin"]
env = { CC = "gcc" }
`,
  "packages/zlib.toml": `name = "zlib"
version = "1.3.1"
[source]
urls = ["https://example.org/zlib.tar.gz", "file:///tmp/zlib.tar.gz"]
sha256 = "${"a".repeat(64)}"
[build]
system = "autotools"
args = ["--static"]
env = { CFLAGS = "-O2" }
`,
  "packages/numpy/a.patch": "",
  "packages/numpy/recipe.toml": `name = "numpy"
version = "2.1"
source.pypi = "numpy"
source.patches = ["a.patch"]
[depends]
build = ["zlib"]
run = ["zlib"]
[build]
system = "python"
[check]
script = """
true
"""
[stage]
takes-over = ["bin/f2py"]
`,
  "packages/git-thing.toml": `name = "git-thing"
version = "1"
[source]
git = "https://example.org/x.git"
rev = "v1"
[build]
system = "script"
script = "make"
`,
  "known-failures.toml": `[[failure]]
fingerprint = "0123456789ab"
package = "zlib"
note = "it is known"
link = "https://example.org/1"
`,
  "tenon.lock": `version = 1
[[source]]
package = "numpy"
source = "pypi numpy"
sha256 = "${"b".repeat(64)}"
file = "numpy-2.1.tar.gz"
`,
} as const;

test("the workspace that is edited is right", () => {
  const disk = createSimulatedDisk();
  disk.plant("/w", files);
  expect(readWorkspace(disk, "/w").recipes.size).toBeGreaterThanOrEqual(3);
});

describe("a workspace", () => {
  for (const [name, text] of Object.entries(files)) {
    if (!name.endsWith(".toml") && !name.endsWith(".lock")) continue;
    fuzz(`with another ${name}`, nearlyText(text), (edited) => {
      const disk = createSimulatedDisk();
      disk.plant("/w", { ...files, [name]: edited });
      const workspace = valueOrRefusal(() => readWorkspace(disk, "/w"));
      if (workspace !== undefined) inOrder(workspace.recipes, [...workspace.recipes.keys()]);
    });
  }

  fuzz("of any bytes", fc.uint8Array({ maxLength: 400 }), (bytes) => {
    const disk = createSimulatedDisk();
    disk.plant("/w", { ...files, "packages/any.toml": Buffer.from(bytes) });
    valueOrRefusal(() => readWorkspace(disk, "/w"));
  });
});
