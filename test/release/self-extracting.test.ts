/** The self-extracting file: it installs, upgrades beside what may run, refuses what is not its own, and removes. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { temporaryFolder } from "../archive/temporary.ts";
import { writeRelease } from "./release-file.ts";

const folder = temporaryFolder();
let prefix = "";

beforeEach(() => {
  prefix = fs.mkdtempSync(join(folder, "home of "));
});

const release = (version: string, node?: string): string => writeRelease(folder, version, node);

function run(file: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync("sh", [file, "--prefix", prefix, ...args]);
  return { status, stdout: stdout.toString(), stderr: stderr.toString() };
}

const versions = (): string[] => fs.readdirSync(join(prefix, "lib/tenon")).sort();
const said = (): string => spawnSync(join(prefix, "bin/tenon"), ["--version"]).stdout.toString();

test("installs, and says what is missing from PATH", () => {
  const { status, stdout } = run(release("1.0"));
  expect(status).toBe(0);
  expect(stdout).toContain(`installed tenon 1.0 in ${prefix}/lib/tenon/tenon-1.0-linux-x64`);
  expect(stdout).toContain(`export PATH="${prefix}/bin:$PATH"`);
  expect(said()).toBe("1.0\n");
});

test("keeps the version that was in use before, which may be running, and no older one", () => {
  for (const version of ["1.0", "1.1", "1.2"]) expect(run(release(version)).status).toBe(0);
  expect(said()).toBe("1.2\n");
  expect(versions()).toEqual(["tenon-1.1-linux-x64", "tenon-1.2-linux-x64"]);
});

test("replaces the same version", () => {
  run(release("1.0"));
  fs.rmSync(join(prefix, "lib/tenon/tenon-1.0-linux-x64/dist"), { recursive: true });
  expect(run(release("1.0")).status).toBe(0);
  expect(fs.existsSync(join(prefix, "lib/tenon/tenon-1.0-linux-x64/dist/tenon.js"))).toBe(true);
});

test("is removed without a trace, and then is not there", () => {
  const file = release("1.0");
  run(file);
  expect(run(file, "--remove").stdout).toContain(`removed tenon from ${prefix}`);
  expect(fs.readdirSync(prefix)).toEqual([]);
  const again = run(file, "--remove");
  expect(again.status).toBe(2);
  expect(again.stderr).toContain(`tenon is not installed in ${prefix}`);
});

test("leaves a tenon alone that something else has installed", () => {
  fs.mkdirSync(join(prefix, "bin"));
  fs.writeFileSync(join(prefix, "bin/tenon"), "pip's");
  const { status, stderr } = run(release("1.0"));
  expect(status).toBe(3);
  expect(stderr).toContain(`${prefix}/bin/tenon is there already`);
  expect(fs.readFileSync(join(prefix, "bin/tenon"), "utf8")).toBe("pip's");
  expect(fs.existsSync(join(prefix, "lib"))).toBe(false);
});

test("refuses a machine on which it cannot run, and a damaged file, and leaves nothing", () => {
  const wrong = run(release("1.0", "echo GLIBC_2.28 not found >&2; exit 1"));
  expect(wrong.status).toBe(4);
  expect(wrong.stderr).toContain("tenon cannot run on this machine: GLIBC_2.28 not found");
  const damaged = release("1.0");
  fs.appendFileSync(damaged, "x");
  expect(run(damaged)).toMatchObject({ status: 4, stderr: expect.stringContaining("is damaged") });
  expect(fs.readdirSync(prefix)).toEqual([]);
});

test("explains itself", () => {
  const { status, stdout } = run(release("1.0"), "--help");
  expect(status).toBe(0);
  expect(stdout).toContain("sh FILE --remove");
  expect(run(release("1.0"), "--nonsense").status).toBe(2);
});
