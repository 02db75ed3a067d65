/** What a step has used of the machine, read from what its shell writes. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { noteMemory, noteTimes, readUsage } from "../../src/view/usage.ts";

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "tenon-usage-"));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

/** Runs a shell that measures what it has run, with only these programs at hand afterwards. */
function measure(work: string, programs: readonly string[], architecture = os.arch()) {
  for (const name of programs) {
    const found = ["/usr/bin", "/bin"].map((bin) => `${bin}/${name}`).find(fs.existsSync);
    if (found !== undefined) fs.symlinkSync(found, `${folder}/${name}`);
  }
  const script = `(${work})\ncode=$?\nusage=usage\n${noteTimes}\nPATH=${folder}\n${noteMemory(architecture)}`;
  const { status, stderr } = spawnSync("sh", ["-c", script], { cwd: folder, encoding: "utf8" });
  expect(stderr).toBe("");
  return { status, ...readUsage(fs.readFileSync(`${folder}/usage`, "utf8")) };
}

/** A grandchild of the shell that holds 100 MB: tail keeps what it cannot know to be no end. */
const hungry = "head -c 100000000 /dev/zero | tail -c 90000000 >/dev/null; exit 3";

test.each([
  ["perl", ["perl"], os.arch()],
  ["python3", ["python3"], os.arch()],
  ["python3, where perl does not know the call", ["perl", "python3"], "strange"],
])("the largest memory is asked of the kernel by %s", (_name, programs, architecture) => {
  const used = measure(hungry, programs, architecture);
  expect(used.status).toBe(3);
  expect(used.maxRssBytes).toBeGreaterThan(90_000_000);
  expect(used.maxRssBytes).toBeLessThan(130_000_000);
  expect(used.userMs).toBeTypeOf("number");
  expect(used.systemMs).toBeTypeOf("number");
});

test("without either it is not known, and the exit code is that of the work", () => {
  const used = measure("exit 7", []);
  expect(used.status).toBe(7);
  expect(used.maxRssBytes).toBeUndefined();
  expect(used.userMs).toBeTypeOf("number");
});

test("times are read as the shells write them; what was killed has none", () => {
  expect(readUsage("0m0.00s 0m0.00s\n1m2.5s 0m0.250000s\nmemory 2048\n")).toEqual({
    userMs: 62_500,
    systemMs: 250,
    maxRssBytes: 2048 * 1024,
  });
  expect(readUsage("")).toEqual({});
  expect(readUsage(undefined)).toEqual({});
});
