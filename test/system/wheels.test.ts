/** The proof beside pip in short: wheels with everything that a wheel can have, made here. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import { afterAll, describe, expect, test } from "vitest";
import { type WheelFacts, wheelOf } from "../wheel/wheel-writer.ts";
import { program } from "./program.ts";
import { writeFiles } from "./workshop.ts";

const version = /\d+/.exec(spawnSync("python3", ["-m", "pip", "--version"]).stdout.toString());
const skipped = Number(version?.[0] ?? 0) < 23 ? " (skipped: there is no pip 23 or newer)" : "";
const folder = fs.mkdtempSync(`${os.tmpdir()}/tenon-wheels-test-`);
afterAll(() => fs.rmSync(folder, { recursive: true }));

function named(name: string, facts: WheelFacts, ...metadata: string[]): Record<string, Buffer> {
  const head = ["Metadata-Version: 2.1", `Name: ${name}`, "Version: 1.0", ...metadata, ""];
  const content = wheelOf({
    distInfo: `${name}-1.0.dist-info`,
    metadata: head.join("\n"),
    ...facts,
  });
  return { [`${name}-1.0-py3-none-any.whl`]: content };
}

const wheels = {
  ...named(
    "rich_one",
    {
      files: {
        "rich_one/__init__.py": "def main(): print(1)\n",
        "rich_one/run.sh": "#!/bin/sh\n",
        'rich_one/odd, "näme".txt': "odd",
        "rich_one/empty": "",
        "rich_one-1.0.data/scripts/tool": "#!python\nprint(1)\n",
        "rich_one-1.0.data/scripts/shell": "#!/bin/sh\n",
        "rich_one-1.0.data/headers/one.h": "int one;\n",
        "rich_one-1.0.data/data/share/one/words": "hello\n",
        "rich_one-1.0.data/purelib/pure_one.py": "",
        "rich_one-1.0.data/platlib/plat_one.py": "",
        "rich_one-1.0.dist-info/licenses/LICENSE": "free",
        "rich_one-1.0.dist-info/entry_points.txt":
          "[console_scripts]\none = rich_one:main\ndeep = pure_one:a.b.c\n[gui_scripts]\ngui-one = rich_one:main\n[else]\nx = y\n",
      },
      modes: {
        "rich_one/run.sh": 0o100755,
        "rich_one-1.0.data/scripts/tool": 0o100755,
        "rich_one-1.0.data/scripts/shell": 0o100755,
      },
    },
    "Requires-Dist: missing>=1",
    "Requires-Dist: plat-two; python_version > '3'",
    "Requires-Dist: other; extra == 'more'",
  ),
  ...named("plat_two", {
    files: { "plat_two.py": "x = 2\n", "shared/__init__.py": "" },
    wheel: "Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: py3-none-any\n",
  }),
  ...named("rival", { files: { "shared/__init__.py": "y = 1\n", "rival.py": "" } }),
};

describe.skipIf(skipped !== "")(`beside pip${skipped}`, () => {
  test("the trees, and what others see of them, are the same", () => {
    writeFiles(folder, wheels);
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["proof/wheels.js", "--wheels", folder, "--json"],
      { encoding: "utf8", env: { ...process.env, TENON_PROGRAM: program }, timeout: 280_000 },
    );
    expect(stdout, stderr).toMatch(/^\{/);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({
      wheels: 3,
      unjustified: [],
      uninstalled: 3,
      shared: [{ wheel: "rival", other: "plat-two", path: "shared/__init__.py", set: 0 }],
      reasons: {
        "INSTALLER names who it was": 3,
        "bytecode: pip's is checked by time stamps, tenon's by digest": 7,
      },
      views: {
        "pip list": 3,
        "pip check": 3,
        "importlib.metadata": 3,
        "requirements that tenon says are not met": 1,
      },
    });
    expect(result.equal).toBeGreaterThan(25);
    expect(status).toBe(0);
  });
});
