/** The program that relocates a tree is ended at each of its calls that change the disk, and run again. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Checkout, home, openCheckout } from "./tree-on-disk.ts";

let checkout: Checkout;
beforeAll(async () => {
  checkout = openCheckout();
  await checkout.bundle();
});
afterAll(() => fs.rmSync(checkout.root, { recursive: true, force: true }));

interface Killed {
  /** 0 where the program came to its end before this call. */
  readonly status: number;
  readonly wasUntouched: boolean;
  /** Of the run after it; absent where the program was done, and gone. */
  readonly again?: number;
  readonly isRight: boolean;
}

test("comes to the same end wherever it was killed", () => {
  const whole = checkout.unpackAt(`${checkout.root}/g`);
  const args = ["-B", "-c", killEverywhere, whole, home];
  const { stdout, stderr } = spawnSync("python3", args, { encoding: "utf8", cwd: "/" });
  expect(stderr.replaceAll(/^relocating \d+ files.*\n/gm, "")).toBe("");
  const kills = JSON.parse(stdout) as Killed[];
  const killed = kills.filter(({ status }) => status === 137);
  expect(killed).toHaveLength(kills.length - 1);
  expect(killed.filter(({ wasUntouched }) => wasUntouched).length).toBeGreaterThan(5);
  expect(killed.filter(({ wasUntouched }) => !wasUntouched).length).toBeGreaterThan(5);
  expect(kills.filter(({ again = 0, isRight }) => again !== 0 || !isRight)).toEqual([]);
}, 60_000);

/** Each run is a copy of one process that has loaded all, at a copy of one tree, and its n-th call ends it without a word. */
const killEverywhere = `import base64, fcntl, getopt, gzip, hashlib, json, os, platform, re, runpy, shutil, sys
whole, home = sys.argv[1:]
kept = whole + ".kept"
shutil.copytree(whole, kept, symlinks=True)
names = ("replace", "unlink", "mkdir", "rmdir", "utime", "chmod", "fsync")

def run(call):
    child = os.fork()
    if child == 0:
        left = [call]
        def counted(real):
            def count(*args, **named):
                left[0] -= 1
                if left[0] == 0: os._exit(137)
                return real(*args, **named)
            return count
        for name in names: setattr(os, name, counted(getattr(os, name)))
        # All disks of the machine would be waited for.
        os.sync = lambda: None
        sys.argv = [whole + "/relocate-once.py"]
        runpy.run_path(sys.argv[0], run_name="__main__")
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

def tree(has_home):
    found = {}
    for folder, _, files in os.walk(whole):
        for path in (os.path.join(folder, name) for name in files):
            if has_home or not path.startswith(os.path.join(whole, home)):
                with open(path, "rb") as file: found[path] = hashlib.sha256(file.read()).hexdigest()
    return found

before = tree(False)
run(0)
wanted, kills = tree(True), []
while not kills or kills[-1]["status"] != 0:
    shutil.rmtree(whole)
    shutil.copytree(kept, whole, symlinks=True)
    kill = {"status": run(len(kills) + 1), "wasUntouched": tree(False) == before}
    if os.path.exists(whole + "/relocate-once.py"): kill["again"] = run(0)
    kills.append(dict(kill, isRight=tree(True) == wanted))
print(json.dumps(kills))
`;
