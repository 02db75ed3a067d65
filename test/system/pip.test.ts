/** pip and tenon in one venv: neither breaks what the other has installed, and tenon says what pip did. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { wheelOf } from "../wheel/wheel-writer.ts";
import { linesOf, openWorkshop, type Workshop } from "./workshop.ts";

const version = /\d+/.exec(spawnSync("python3", ["-m", "pip", "--version"]).stdout.toString());
/** Since 22.3 it can work on another environment, and a venv needs none of its own. */
const skipped = Number(version?.[0] ?? 0) < 23 ? " (skipped: there is no pip 23 or newer)" : "";

let shop: Workshop;
let site: string;
beforeEach(() => {
  shop = openWorkshop({ ...greet(1), ...greet(2), ...greet(3) });
  const made = spawnSync("python3", ["-m", "venv", "--without-pip", shop.prefix]);
  expect(made.status, String(made.stderr)).toBe(0);
  const [python] = fs.readdirSync(`${shop.prefix}/lib`);
  site = `lib/${python}/site-packages`;
});
afterEach(() => shop.dispose());

function greet(number: number): Record<string, Buffer> {
  const distInfo = `greet-${number}.dist-info`;
  const content = wheelOf({
    distInfo,
    metadata: `Metadata-Version: 2.1\nName: greet\nVersion: ${number}\n`,
    files: {
      "greet.py": `def main(): print(${number})\n`,
      [`only_in_${number}.py`]: "",
      [`${distInfo}/entry_points.txt`]: "[console_scripts]\ngreet = greet:main\n",
    },
  });
  return { [fileOf(number)]: content };
}

function fileOf(number: number): string {
  return `greet-${number}-py3-none-any.whl`;
}

function pip(...args: string[]): string {
  const options = ["--python", `${shop.prefix}/bin/python`, "--disable-pip-version-check"];
  const { status, stdout, stderr } = spawnSync("python3", ["-m", "pip", ...options, ...args], {
    cwd: shop.workspace,
    encoding: "utf8",
    env: { ...process.env, PIP_ROOT_USER_ACTION: "ignore" },
  });
  expect({ status, stderr }).toMatchObject({ status: 0 });
  return stdout;
}

function pipInstall(number: number): void {
  pip("install", "--quiet", "--no-index", "--no-deps", fileOf(number));
}

/** What runs, and what Python's own metadata says. */
function greeting(): string {
  const script =
    "import importlib.metadata as m; print(sorted(d.version for d in m.distributions()))";
  const run = (file: string, ...args: string[]): string =>
    spawnSync(`${shop.prefix}/bin/${file}`, args, { encoding: "utf8" }).stdout.trim();
  return `${run("greet")} ${run("python", "-c", script)}`;
}

describe.skipIf(skipped !== "")(`with a real pip${skipped}`, () => {
  test("pip sees, checks and uninstalls what tenon installed", async () => {
    await shop.must("install", fileOf(1));
    expect(JSON.parse(pip("list", "--format=json"))).toEqual([{ name: "greet", version: "1" }]);
    expect(pip("freeze")).toContain(`greet @ file://${shop.workspace}/${fileOf(1)}`);
    expect(pip("show", "-f", "greet")).toContain("../../../bin/greet");
    expect(pip("check")).toBe("No broken requirements found.\n");
    expect(greeting()).toBe("1 ['1']");
    pip("uninstall", "--yes", "greet");
    expect(Object.keys(shop.tree()).filter((path) => path.startsWith(`${site}/`))).toEqual([]);
    expect(fs.existsSync(`${shop.prefix}/bin/greet`)).toBe(false);
  });

  test("what pip uninstalled is told, and can be removed or installed with tenon", async () => {
    await shop.must("install", fileOf(1));
    pip("uninstall", "--yes", "greet");
    const ended = await shop.run(["verify"]);
    expect(ended).toMatchObject({ code: 1 });
    expect(linesOf(ended.stdout)[0]).toMatch(/^removed greet 1: it is gone, as after `pip uninst/);
    await shop.must("install", fileOf(1));
    expect(greeting()).toBe("1 ['1']");
    pip("uninstall", "--yes", "greet");
    await shop.must("install", fileOf(2));
    expect(greeting()).toBe("2 ['2']");
    expect(await shop.must("verify")).toMatch(/^ok: /);
    pip("uninstall", "--yes", "greet");
    await shop.must("remove", "greet");
    expect(await shop.must("list")).toBe("no packages\n");
    expect(await shop.must("verify")).toMatch(/^ok: /);
  });

  test("what pip installed is told, and neither overwritten nor doubled", async () => {
    fs.mkdirSync(`${shop.prefix}/var/lib`, { recursive: true });
    pipInstall(1);
    expect(linesOf(await shop.must("verify"))).toContain(
      "greet 1 was installed by pip, not by tenon",
    );
    const before = shop.tree();
    for (const number of [1, 2]) {
      const ended = await shop.run(["install", fileOf(number)]);
      expect(ended).toMatchObject({ code: 3, stdout: "" });
      expect(ended.stderr).toContain("pip has installed greet 1 there, which is not tenon's");
      expect(ended.stderr).toContain(`pip --python ${shop.prefix}/bin/python uninstall greet`);
      expect(shop.tree()).toEqual(before);
    }
    pip("uninstall", "--yes", "greet");
    await shop.must("install", fileOf(2));
    expect(greeting()).toBe("2 ['2']");
  });

  test.each([1, 2])("what pip put in the place of tenon's 1 is pip's: %d", async (number) => {
    await shop.must("install", fileOf(1));
    pip("install", "-q", "--no-index", "--no-deps", "--force-reinstall", fileOf(number));
    expect(greeting()).toBe(`${number} ['${number}']`);
    const verified = await shop.run(["verify", "greet"]);
    expect(verified).toMatchObject({ code: 1 });
    expect(linesOf(verified.stdout)[0]).toBe(
      `replaced greet 1: pip has installed ${number} in its place`,
    );
    const before = shop.tree();
    for (const args of [
      ["install", fileOf(3)],
      ["remove", "greet"],
    ]) {
      const ended = await shop.run(args);
      expect(ended).toMatchObject({ code: 3 });
      expect(ended.stderr).toContain(
        `pip has put greet ${number} where tenon had installed greet 1`,
      );
      expect(shop.tree()).toEqual(before);
    }
    expect((await shop.run(["verify", "--repair"])).code).not.toBe(0);
    expect(shop.tree()).toEqual(before);
    pip("uninstall", "--yes", "greet");
    await shop.must("install", fileOf(3));
    expect(greeting()).toBe("3 ['3']");
    expect(await shop.must("verify")).toMatch(/^ok: /);
  });
});
