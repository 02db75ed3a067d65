/** Packages built by a real server of the Remote Execution API; workers that are killed, and an interruption. */
import * as fs from "node:fs";
import * as os from "node:os";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { noView } from "../builder/site.ts";
import { type Casd, executing, executingCasdLacks, startCasd } from "./casd.ts";
import { libbell, ringer } from "./stack.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

const shops: Workshop[] = [];
afterEach(() => shops.splice(0).forEach((shop) => shop.dispose()));

const slow = `name = "slow"
version = "1"
[build]
script = """
sleep 4
mkdir -p "$PREFIX/share"
echo slow >"$PREFIX/share/slow"
"""
[check]
script = "grep slow $PREFIX/share/slow"
`;

const artifacts = (made: Workshop) => fs.readdirSync(`${made.store}/artifacts`).toSorted();

/** The workers of one workspace, by the store that they alone are given. */
function workersWith(store: string): number[] {
  return fs.readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const words = fs.readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0");
      return words[2] === "execute" && words.includes(store) ? [Number(name)] : [];
    } catch {
      return []; // it has ended
    }
  });
}

async function until<Value>(find: () => Value[], isEnough = (found: Value[]) => found.length > 0) {
  for (let tries = 0; tries < 600; tries += 1) {
    const found = find();
    if (isEnough(found)) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("it never came about");
}

const lacks = executingCasdLacks();

describe.skipIf(noView || lacks !== undefined)(`buildbox-casd (${lacks ?? "needs views"})`, () => {
  const root = fs.mkdtempSync(`${os.tmpdir()}/tenon-executing-`);
  let casd: Casd;
  beforeAll(async () => {
    casd = await startCasd(`${root}/casd`, undefined, executing(`${root}/scratch`));
  });
  afterAll(async () => {
    await casd?.stop();
    fs.rmSync(root, { recursive: true, force: true });
  });

  /** Recipes without a tally, which would be on the client's machine. */
  const shop = (more = ""): Workshop & { workers: string } => {
    const made = openWorkshop({});
    shops.push(made);
    const files = Object.entries({ ...libbell, ...ringer }).map(([name, file]) => [
      name,
      typeof file === "string" ? file.replace(/\techo \w+ >>\$\(TALLY\)\n/, "") : file,
    ]);
    const workers = `/var/tmp/${made.root.split("/").at(-1)}`;
    made.write({
      ...Object.fromEntries(files),
      "packages/slow.toml": slow,
      "tenon.toml": `[workspace]
prefix = "${made.prefix}"
[execution]
url = "${casd.url}"
platform = { unixUID = "1000" }
jobs = 2
at-once = 2
shortest = 0
store = "${workers}"
${more}`,
    });
    return { ...made, workers };
  };

  test("gives what a build here gives, with checks and logs, and nothing twice", async () => {
    const made = shop();
    const { code, stderr } = await made.run(["build", "--check"]);
    expect([code, stderr]).toEqual([0, expect.stringContaining("checked slow 1")]);
    expect(stderr).toContain("3 packages may be built elsewhere, 2 at once");
    expect(await made.must("log", "ringer")).toContain("-lbell");
    const there = artifacts(made);
    expect(there).toHaveLength(3);
    expect(fs.readdirSync(`${root}/scratch/${made.workers.slice(9)}/artifacts`)).toHaveLength(3);
    expect((await made.run(["build"])).stderr).not.toContain("elsewhere");
    fs.renameSync(made.store, `${made.root}/other-store`);
    await made.must("build", "--local", "--again");
    expect(artifacts(made)).toEqual(there);
  });

  test("a failure has the explanation and the log of a build here, and is never kept", async () => {
    const made = shop();
    made.write({ "packages/slow.toml": slow.replace("sleep 4", "echo trying; cat /var/tmp/gone") });
    const { code, stderr } = await made.run(["build", "slow"]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("/var/tmp/gone")]);
    expect(await made.must("log", "slow")).toContain("trying");
    const again = await made.run(["build", "slow"]);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining("/var/tmp/gone")]);
  });

  test("a worker that is killed is replaced", async () => {
    const made = shop();
    const building = made.start(["build"]);
    await until(() => {
      const built = artifactsOrNone(made);
      return built.length === 2 ? workersWith(made.workers) : [];
    });
    for (const id of workersWith(made.workers)) process.kill(id, "SIGKILL");
    const { code, stderr } = await building.ended;
    expect([code, stderr]).toEqual([0, expect.stringContaining("another one is started")]);
    expect(stderr.match(/built libbell/g)).toHaveLength(1);
  });

  test("an interruption ends what runs there", async () => {
    const made = shop();
    const building = made.start(["build", "slow"]);
    await until(() => workersWith(made.workers));
    building.kill("SIGINT");
    expect((await building.ended).code).toBe(130);
    await until(
      () => workersWith(made.workers),
      (found) => found.length === 0,
    );
  });

  test("a server that does not execute is told before the first build", async () => {
    const plain = await startCasd(`${root}/plain`);
    const made = shop();
    made.edit("tenon.toml", casd.url, plain.url);
    const { code, stderr } = await made.run(["build"]);
    await plain.stop();
    expect([code, stderr]).toEqual([4, expect.stringContaining("executes nothing")]);
    expect(stderr).toContain("tenon build --local");
  });
});

function artifactsOrNone(made: Workshop): string[] {
  return fs.existsSync(`${made.store}/artifacts`) ? artifacts(made) : [];
}
