/** What is left of a distribution that no installer can take out: refused, and the command of the hint helps. */
import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { wheelOf } from "../wheel/wheel-writer.ts";
import { openWorkshop, type Workshop, writeFiles } from "./workshop.ts";

let shop: Workshop;
let site: string;
beforeEach(() => {
  shop = openWorkshop({
    "greet-2-py3-none-any.whl": wheel("greet", { "greet/__init__.py": "", "space/greet.py": "" }),
  });
  execFileSync("python3", ["-m", "venv", "--without-pip", shop.prefix]);
  fs.mkdirSync(`${shop.prefix}/var/lib`, { recursive: true });
  site = `${shop.prefix}/lib/${fs.readdirSync(`${shop.prefix}/lib`)[0]}/site-packages`;
});
afterEach(() => shop.dispose());

function wheel(name: string, files: Record<string, string>): Buffer {
  const metadata = `Metadata-Version: 2.1\nName: ${name}\nVersion: 2\n`;
  return wheelOf({ distInfo: `${name}-2.dist-info`, metadata, files });
}

/** The versions that Python's own metadata has of the project. */
function versions(): string {
  const script =
    "import importlib.metadata as m; print([d.version for d in m.distributions() if d.name == 'greet'])";
  return execFileSync(`${shop.prefix}/bin/python`, ["-c", script], { encoding: "utf8" }).trim();
}

const metadata = "Metadata-Version: 2.1\nName: greet\nVersion: 1\n";
const unlisted = {
  "a folder with METADATA and INSTALLER": {
    "greet-1.dist-info/METADATA": metadata,
    "greet-1.dist-info/INSTALLER": "pip\n",
  },
  "a folder with METADATA that is cut off": { "greet-1.dist-info/METADATA": "" },
  "a folder with something else": { "greet-1.dist-info/top_level.txt": "greet\n" },
  "a file of distutils": { "greet-1.egg-info": metadata },
  "with modules of the old version": {
    "greet-1.dist-info/METADATA": metadata,
    "greet/__init__.py": "old = 1",
    "greet/old.py": "",
    "space/greet.py": "old = 1",
  },
  "beside another's in the same folder": {
    "greet-1.dist-info/METADATA": metadata,
    "space/greet.py": "old = 1",
    "space/other.py": "other = 1",
    "other-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: other\nVersion: 1\n",
    "other-1.dist-info/RECORD": "space/other.py,,\n",
  },
};

async function expectCure(pattern: RegExp): Promise<void> {
  const before = shop.tree();
  const refused = await shop.run(["install", "greet-2-py3-none-any.whl"]);
  expect(refused).toMatchObject({ code: 3 });
  expect(refused.stderr).toMatch(/greet/);
  expect(shop.tree()).toEqual(before);
  const cure = pattern.exec(refused.stderr)?.[1] ?? "false";
  expect(spawnSync("sh", ["-c", cure]), refused.stderr).toMatchObject({ status: 0 });
  await shop.must("install", "greet-2-py3-none-any.whl");
  expect(versions()).toBe("['2']");
  expect(await shop.must("verify")).toMatch(/^ok: /);
}

test.each(Object.entries(unlisted))("%s", async (_what, files) => {
  writeFiles(site, files);
  const others = (): string[] => fs.readdirSync(site).filter((name) => name.startsWith("other"));
  const before = others();
  await expectCure(/`(rm -r [^`]*)`/);
  expect(others()).toEqual(before);
  expect(fs.existsSync(`${site}/space/other.py`)).toBe(before.length > 0);
});

test("an empty folder", async () => {
  fs.mkdirSync(`${site}/greet-1.dist-info`);
  await expectCure(/`(rm -r [^`]*)`/);
});

test("an egg in a folder that no pip works for", async () => {
  fs.rmSync(`${shop.prefix}/bin`, { recursive: true });
  writeFiles(site, { "greet-1-py3.11.egg-info/PKG-INFO": metadata });
  const refused = await shop.run(["install", "greet-2-py3-none-any.whl"]);
  execFileSync("sh", ["-c", /`(rm -r [^`]*)`/.exec(refused.stderr)?.[1] ?? "false"]);
  await shop.must("install", "greet-2-py3-none-any.whl");
});

test("not what a package of tenon has beside it", async () => {
  shop.write({ "else-2-py3-none-any.whl": wheel("else", { "space/else.py": "" }) });
  await shop.must("install", "else-2-py3-none-any.whl");
  writeFiles(site, { "greet-1.dist-info/METADATA": metadata, "space/greet.py": "old = 1" });
  await expectCure(/`(rm -r [^`]*)`/);
  expect(fs.existsSync(`${site}/space/else.py`)).toBe(true);
});

test("what pip has renamed for good bothers nobody", async () => {
  fs.mkdirSync(`${site}/~reet-1.dist-info`);
  fs.mkdirSync(`${site}/~reet`);
  await shop.must("install", "greet-2-py3-none-any.whl");
  expect(versions()).toBe("['2']");
});

const version = /\d+/.exec(spawnSync("python3", ["-m", "pip", "--version"]).stdout.toString());
const skipped = Number(version?.[0] ?? 0) < 23 ? " (skipped: there is no pip 23 or newer)" : "";

test.skipIf(skipped)(`an egg is pip's to take out${skipped}`, async () => {
  writeFiles(site, {
    "greet-1-py3.11.egg-info/PKG-INFO": metadata,
    "greet-1-py3.11.egg-info/top_level.txt": "greet\n",
    "greet/__init__.py": "old = 1",
  });
  const refused = await shop.run(["install", "greet-2-py3-none-any.whl"]);
  expect(refused).toMatchObject({ code: 3 });
  const cure = `pip --python ${shop.prefix}/bin/python uninstall greet`;
  expect(refused.stderr).toContain(cure);
  execFileSync("sh", ["-c", `python3 -m ${cure} --yes`], { stdio: "ignore" });
  await shop.must("install", "greet-2-py3-none-any.whl");
  expect(versions()).toBe("['2']");
});
