/** Folders of the prefix that a person has replaced by links: followed within the prefix, and refused where they lead out. */
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { installStage } from "../../src/operations/install.ts";
import type { InstallResult } from "../../src/operations/installed.ts";
import type { Ended } from "../../src/operations/operate.ts";
import { layoutOf, resolvePrefix } from "../../src/prefix/index.ts";
import { createRealWorld } from "../../src/world/index.ts";
import { temporaryFolder } from "../archive/temporary.ts";

const folder = fs.realpathSync(temporaryFolder());
const world = createRealWorld({});
const site = "lib/python3.11/site-packages";

let root: string;
let prefix: string;
beforeEach(() => {
  root = fs.mkdtempSync(join(folder, "test-"));
  prefix = join(root, "prefix");
  fs.mkdirSync(join(prefix, dirname(site)), { recursive: true });
});

function install(into = prefix): Promise<Ended<InstallResult>> {
  const stage = fs.mkdtempSync(join(root, "stage-"));
  fs.mkdirSync(join(stage, site, "greet"), { recursive: true });
  fs.writeFileSync(join(stage, site, "greet/__init__.py"), "");
  const layout = layoutOf(resolvePrefix(world.disk, into));
  const opened = { world, layout, activity: "test", sync: false, emit: () => {} };
  return installStage(opened, {
    name: "greet",
    version: "1",
    stage,
    keepStage: true,
    allowSetuid: false,
    allowEmpty: false,
    replaces: [],
  });
}

test.each(["relative", "absolute"])("a %s link within the prefix", async (kind) => {
  fs.mkdirSync(join(prefix, "modules"));
  const target = kind === "absolute" ? join(prefix, "modules") : "../../modules";
  fs.symlinkSync(target, join(prefix, site));
  expect(await install()).toMatchObject({ kind: "done" });
  expect(fs.existsSync(join(prefix, "modules/greet/__init__.py"))).toBe(true);
  const record = fs.readFileSync(join(prefix, "var/lib/tenon/packages/greet.json"), "utf8");
  expect(record).toContain('"modules/greet/__init__.py"');
});

test("an absolute link by way of another name of the prefix", async () => {
  fs.symlinkSync("prefix", join(root, "other"));
  fs.mkdirSync(join(prefix, "modules"));
  fs.symlinkSync(join(root, "other/modules"), join(prefix, site));
  expect(await install(join(root, "other"))).toMatchObject({ kind: "done" });
  expect(fs.existsSync(join(prefix, "modules/greet"))).toBe(true);
});

test.each([site, "lib"])(
  "%s leads out of the prefix: refused, and the hint's command helps",
  async (path) => {
    const shared = join(root, "a shared folder");
    fs.mkdirSync(join(shared, path === "lib" ? "python3.11" : ""), { recursive: true });
    fs.writeFileSync(join(shared, "other.py"), "");
    fs.rmSync(join(prefix, path), { recursive: true, force: true });
    fs.symlinkSync(path === "lib" ? "../a shared folder" : shared, join(prefix, path));
    const error = (await install().catch((thrown: unknown) => thrown)) as Error & {
      hints: string[];
    };
    expect(error).toMatchObject({ kind: "conflict", code: "LINK_LEADS_OUT" });
    expect(error.message).toContain(
      `${path}, into which greet installs, is a symbolic link to ${shared}`,
    );
    expect(fs.readdirSync(shared)).not.toContain("greet");
    execFileSync("sh", ["-c", /`(.*)`/.exec(error.hints[0] ?? "")?.[1] ?? "false"]);
    expect(await install()).toMatchObject({ kind: "done" });
    expect(fs.existsSync(join(prefix, path, "other.py"))).toBe(true);
    expect(fs.existsSync(join(prefix, site, "greet"))).toBe(true);
  },
);
