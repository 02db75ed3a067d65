/** Packages built on workers: by a command, and by a real Slurm; jobs that are killed, cancelled and interrupted. */
import * as fs from "node:fs";
import * as os from "node:os";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { noView } from "../builder/site.ts";
import { type Cluster, slurmLacks, startSlurm } from "./slurm-cluster.ts";
import { libbell, ringer } from "./stack.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

const shops: Workshop[] = [];
afterEach(() => {
  for (const shop of shops.splice(0)) shop.dispose();
});

const slow = `name = "slow"
version = "1"
[build]
script = """
echo begun
sleep 4
mkdir -p "$PREFIX/share"
echo slow >"$PREFIX/share/slow"
"""
[check]
script = "grep slow $PREFIX/share/slow"
`;

/** A tally is on the client's machine, where workers do not write. */
function shop(system: "slurm" | "command"): Workshop {
  const made = openWorkshop({});
  shops.push(made);
  const files = Object.fromEntries(
    Object.entries({ ...libbell, ...ringer }).map(([name, file]) => [
      name,
      typeof file === "string" ? file.replace(/\techo \w+ >>\$\(TALLY\)\n/, "") : file,
    ]),
  );
  made.write({
    ...files,
    "../home/.config/tenon/config.toml": `trust = ["${made.workspace}"]\n`,
    "tenon.toml": `[workspace]
prefix = "${made.prefix}"
[execution]
url = "${system}:${made.root}/shared"
jobs = 2
at-once = 2
shortest = 0
store = "${made.root}/worker"
node = "${process.execPath}"
`,
  });
  return made;
}

const artifacts = (made: Workshop) => fs.readdirSync(`${made.store}/artifacts`).toSorted();

/** Of the same recipes, built here. */
async function builtHere(made: Workshop): Promise<string[]> {
  const there = artifacts(made);
  fs.renameSync(made.store, `${made.root}/store-of-workers`);
  await made.must("build", "--local", "--again");
  expect(artifacts(made)).toEqual(there);
  return there;
}

describe.skipIf(noView)("builds by a command (needs views)", () => {
  test("give the digests of builds here, also to a worker with nothing of the client's", async () => {
    const made = shop("command");
    const said = await made.run(["build"]);
    expect(said.code).toBe(0);
    expect(said.stderr).toContain("2 packages may be built elsewhere, 2 at once");
    expect(fs.readdirSync(`${made.root}/worker/artifacts`)).toHaveLength(2);
    expect(await builtHere(made)).toHaveLength(2);
  });

  test("run nothing that the workspace names before the person trusts it", async () => {
    const made = shop("command");
    fs.rmSync(`${made.root}/home/.config`, { recursive: true });
    const { code, stderr } = await made.run(["build"]);
    expect([code, stderr]).toEqual([4, expect.stringContaining("not said that you trust")]);
    expect(stderr).toContain(`--trust ${made.workspace}`);
    expect(fs.existsSync(`${made.root}/shared`)).toBe(false);
    expect((await made.run(["build", "--trust", made.workspace])).code).toBe(0);
    expect(fs.readdirSync(`${made.root}/worker/artifacts`)).toHaveLength(2);
  });

  test("fail with the explanation and the log that a build here has", async () => {
    const made = shop("command");
    made.edit("ringer/ringer.c", "#include <bell.h>", "#include <gone.h>");
    const { code, stderr } = await made.run(["build"]);
    expect(code).toBe(1);
    expect(stderr).toContain("gone.h");
    expect(await made.must("log", "ringer")).toContain("gone.h");
  });
});

/** The processes that execute the action of a job, of this test alone. */
function workersOf(made: Workshop, job: string): number[] {
  return fs.readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const words = fs.readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0");
      const at = words.indexOf("execute");
      if (at < 0 || !words[at + 1]?.startsWith(`${made.root}/shared/`)) return [];
      const variables = fs.readFileSync(`/proc/${name}/environ`, "utf8").split("\0");
      return variables.includes(`SLURM_JOB_ID=${job}`) ? [Number(name)] : [];
    } catch {
      return []; // it has ended
    }
  });
}

const lacks = slurmLacks();

describe.skipIf(noView || lacks !== undefined)(`Slurm (${lacks ?? "needs views"})`, () => {
  const root = fs.mkdtempSync(`${os.tmpdir()}/tenon-slurm-`);
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startSlurm(root);
  });
  afterAll(async () => {
    await cluster?.stop();
    fs.rmSync(root, { recursive: true, force: true });
  });

  const jobs = (): string[] =>
    cluster.ask("squeue", "--noheader", "--format=%i %j").trim().split("\n").filter(Boolean);
  const jobOf = async (name: string): Promise<string> => {
    for (let tries = 0; tries < 300; tries += 1) {
      const job = jobs().find((each) => each.endsWith(` tenon-${name}`));
      if (job !== undefined) return job.split(" ")[0] as string;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`there is no job of ${name}`);
  };
  const begun = async (made: Workshop): Promise<void> => {
    for (let tries = 0; tries < 300; tries += 1) {
      const { stdout } = await made.run(["log", "slow"]);
      if (stdout.includes("begun")) return;
    }
    throw new Error("it has not begun");
  };

  test("builds what a build here gives, with checks", async () => {
    const made = shop("slurm");
    made.write({ "packages/slow.toml": slow });
    const { code, stderr } = await made.run(["build", "--check"], {
      environment: cluster.environment,
    });
    expect(stderr).toContain("checked slow 1");
    expect(code).toBe(0);
    expect(await builtHere(made)).toHaveLength(3);
  });

  test("a worker that is killed is replaced, and what was built is not built again", async () => {
    const made = shop("slurm");
    made.write({ "packages/slow.toml": slow });
    const building = made.start(["build"], { environment: cluster.environment });
    await begun(made);
    for (const id of workersOf(made, await jobOf("slow"))) process.kill(id, "SIGKILL");
    const { code, stderr } = await building.ended;
    expect(stderr).toContain("another one is started");
    expect(stderr.match(/built libbell/g)).toHaveLength(1);
    expect(code).toBe(0);
  });

  test("a job that somebody cancels fails its package, with what to do", async () => {
    const made = shop("slurm");
    made.write({ "packages/slow.toml": slow });
    const building = made.start(["build", "slow"], { environment: cluster.environment });
    const job = await jobOf("slow");
    await begun(made);
    cluster.ask("scancel", job);
    const { code, stderr } = await building.ended;
    expect(stderr).toContain(`the Slurm job ${job} was cancelled`);
    expect(code).toBe(1);
  });

  test("an interruption cancels the jobs", async () => {
    const made = shop("slurm");
    made.write({ "packages/slow.toml": slow });
    const building = made.start(["build", "slow"], { environment: cluster.environment });
    await jobOf("slow");
    await begun(made);
    building.kill("SIGINT");
    expect((await building.ended).code).toBe(130);
    for (let tries = 0; jobs().length > 0 && tries < 200; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 100));
    expect(jobs()).toEqual([]);
  });

  test("a client that is killed leaves its job to the next run", async () => {
    const made = shop("slurm");
    made.write({ "packages/slow.toml": slow });
    const building = made.start(["build", "slow"], { environment: cluster.environment });
    const job = await jobOf("slow");
    building.kill("SIGKILL");
    await building.ended;
    const next = await made.run(["build", "slow"], { environment: cluster.environment });
    expect(next.code).toBe(0);
    const ids = cluster.ask("scontrol", "--oneliner", "show", "jobs").match(/JobName=tenon-slow/g);
    expect(ids?.length).toBeGreaterThan(0);
    const later = cluster.ask("scontrol", "--oneliner", "show", "jobs").split("\n");
    const newer = later.filter(
      (line) =>
        /JobName=tenon-slow /.test(line) && Number(/JobId=(\d+)/.exec(line)?.[1]) > Number(job),
    );
    expect(newer).toEqual([]);
  });
});
