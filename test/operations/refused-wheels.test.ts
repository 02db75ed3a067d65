/** A malformed wheel in an installation stops all of it, and leaves nothing in the prefix. */
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { installWheels } from "../../src/operations/install-wheels.ts";
import { layoutOf } from "../../src/prefix/index.ts";
import { type CapturedOutcome, createRealWorld, type World } from "../../src/world/index.ts";
import { temporaryFolder, treeOf } from "../archive/temporary.ts";
import { badWheels, standardName } from "../wheel/bad-wheels.ts";
import { wheelOf } from "../wheel/wheel-writer.ts";

const folder = temporaryFolder();
const prefix = join(folder, "prefix");
const store = join(folder, "store");
const world = askingOnce(createRealWorld({}));

/** The interpreter's answers do not change from wheel to wheel. */
function askingOnce(real: World): World {
  const answers = new Map<string, Promise<CapturedOutcome>>();
  const { processes } = real;
  const capture: World["processes"]["capture"] = (command) => {
    const question = JSON.stringify(command);
    const answer = answers.get(question) ?? processes.capture(command);
    answers.set(question, answer);
    return answer;
  };
  return { ...real, processes: { ...processes, capture } };
}

function install(...files: string[]): ReturnType<typeof installWheels> {
  const opened = {
    world,
    layout: layoutOf(prefix),
    environment: { PATH: process.env["PATH"] ?? "" },
    store,
    activity: "test",
    sync: false,
    emit: () => {},
  };
  return installWheels(opened, {
    files,
    python: "python3",
    replaces: [],
    link: "hardlink",
    compileBytecode: false,
    checkRequirements: true,
  });
}

/** `grit`, another wheel than the bad ones. */
function writeGood(version: string): string {
  const file = join(folder, `grit-${version}-py3-none-any.whl`);
  const metadata = `Metadata-Version: 2.1\nName: grit\nVersion: ${version}\n`;
  const files = { "grit.py": "" };
  fs.writeFileSync(file, wheelOf({ distInfo: `grit-${version}.dist-info`, metadata, files }));
  return file;
}

test("whatever is wrong, the prefix and the store are as they were", async () => {
  await install(writeGood("1"));
  const good = writeGood("2");
  const before = treeOf(prefix);
  expect(before.some((line) => line.includes("grit-1.dist-info/RECORD"))).toBe(true);
  let refused = 0;
  for (const [what, facts, code, , name = standardName] of badWheels) {
    const file = join(fs.mkdtempSync(join(folder, "bad-")), name);
    if (name.includes("/")) continue; // no file can be called so
    fs.writeFileSync(file, Buffer.isBuffer(facts) ? facts : wheelOf(facts));
    await expect(install(good, file), what).rejects.toMatchObject({ code: `WHEEL_${code}` });
    expect(treeOf(prefix), what).toEqual(before);
    expect(fs.readdirSync(join(store, "scratch")), what).toEqual([]);
    refused += 1;
  }
  expect(refused).toBeGreaterThanOrEqual(40);
});

test("what is no file is refused by its looks", async () => {
  const place = fs.mkdtempSync(join(folder, "odd-"));
  const at = (name: string): string => join(place, `${name}-1.0-py3-none-any.whl`);
  execFileSync("mkfifo", [at("pipe")]);
  fs.symlinkSync("/dev/zero", at("zero"));
  fs.mkdirSync(at("folder"));
  for (const [name, code, said] of [
    ["pipe", "WHEEL_FILE", "is a FIFO, and tenon reads regular files only"],
    ["zero", "WHEEL_FILE", "is a device"],
    ["folder", "WHEEL_FILE", "is a folder"],
  ] as const) {
    const message: unknown = expect.stringContaining(said);
    await expect(install(at(name)), name).rejects.toMatchObject({ code, message });
  }
});
