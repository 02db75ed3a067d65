/** What is asked of Slurm, and what its answers mean. */
import { describe, expect, test } from "vitest";
import { slurmLauncher } from "../../src/execution/slurm.ts";
import {
  createSimulatedProcesses,
  createSimulatedWorld,
  type ProgramAnswer,
} from "../../src/world/simulated/index.ts";

const work = {
  name: "zlib",
  argv: ["node", "/shared/it's.js"],
  action: "/shared/a",
  results: "/shared/r",
  logFile: "/s/%j.log",
  jobs: 3,
};

function launcherOn(answer: ProgramAnswer, signal?: AbortSignal) {
  const processes = createSimulatedProcesses({ answer });
  const world = { ...createSimulatedWorld(), processes };
  const silences: string[] = [];
  const launcher = slurmLauncher({
    world,
    arguments: ["--partition=build"],
    onSilent: (said) => silences.push(said),
    ...(signal === undefined ? {} : { signal }),
  });
  return { launcher, processes, silences, clock: world.clock };
}

const exited = (stdout: string, code = 0, stderr = "") =>
  ({ outcome: { kind: "exited", code }, stdout, stderr }) as const;

test("a job is submitted with its jobs, its log and what the person wants, and is not requeued", async () => {
  const { launcher, processes } = launcherOn(() => exited("17;cluster\n"));
  expect(await launcher.launch(work)).toBe("17");
  const [{ program, args } = { program: "", args: [] as readonly string[] }] = processes.calls;
  expect(program).toBe("sbatch");
  expect(args).toContain("--parsable");
  expect(args).toContain("--no-requeue");
  expect(args).toContain("--cpus-per-task=3");
  expect(args).toContain("--output=/s/%%j.log");
  expect(args.slice(-2)).toEqual(["--partition=build", "--wrap=exec node '/shared/it'\\''s.js'"]);
});

test("what sbatch refuses for good is told with its words; that it is missing, with its cure", async () => {
  const said = "sbatch: error: invalid partition specified: bild";
  const refusing = launcherOn(() => exited("", 1, said));
  await expect(refusing.launcher.launch(work)).rejects.toThrow(said);
  expect(refusing.silences).toEqual([]);
  const { launcher } = launcherOn(({ program }) => ({
    kind: "missing",
    program,
    reason: "ENOENT",
  }));
  await expect(launcher.launch(work)).rejects.toMatchObject({ code: "SLURM_MISSING" });
});

test("a controller that does not answer is asked again, and told of once", async () => {
  let asked = 0;
  const { launcher, silences } = launcherOn(() => {
    asked += 1;
    return asked < 4
      ? exited(
          "",
          1,
          "sbatch: error: Batch job submission failed: Unable to contact slurm controller",
        )
      : exited("5\n");
  });
  expect(await launcher.launch(work)).toBe("5");
  expect(silences).toHaveLength(1);
});

describe("the state of a job", () => {
  const stateBy = async (queue: string, shown: string | undefined) => {
    const { launcher } = launcherOn(({ program }) => {
      if (program === "squeue") return exited(queue);
      return shown === undefined ? exited("", 1, "Invalid job id") : exited(shown);
    });
    return launcher.stateOf("7");
  };

  test("is what the queue says of it", async () => {
    expect(await stateBy("6 RUNNING\n7 PENDING\n", undefined)).toEqual({ kind: "waiting" });
    expect(await stateBy("7 RUNNING\n", undefined)).toEqual({ kind: "running" });
    expect(await stateBy("7 COMPLETING\n", undefined)).toEqual({ kind: "running" });
  });

  test.each([
    ["COMPLETED", "done", "has ended on h2"],
    ["NODE_FAIL", "lost", "has ended as NODE_FAIL on h2"],
    ["PREEMPTED", "lost", "has ended as PREEMPTED on h2"],
    ["FAILED", "lost", "has failed (exit code and signal 0:9) on h2"],
    ["CANCELLED", "given-up", "was cancelled on h2"],
    ["TIMEOUT", "given-up", "was ended because its time was up on h2"],
    ["OUT_OF_MEMORY", "given-up", "was ended because there was too little memory on h2"],
  ])("%s: %s", async (state, how, words) => {
    const shown = `JobId=7 JobState=${state} ExitCode=0:9 NodeList=h2 BatchHost=h2`;
    expect(await stateBy("", shown)).toMatchObject({ kind: "ended", how, words });
  });

  test("is lost where Slurm knows it no more", async () => {
    expect(await stateBy("", undefined)).toMatchObject({ kind: "ended", how: "lost" });
  });

  test("is asked for once for all jobs, and not too often", async () => {
    const { launcher, processes } = launcherOn(({ program }) =>
      program === "squeue" ? exited("1 RUNNING\n2 RUNNING\n") : exited(""),
    );
    await Promise.all([launcher.stateOf("1"), launcher.stateOf("2"), launcher.stateOf("1")]);
    expect(processes.calls.filter(({ program }) => program === "squeue")).toHaveLength(1);
  });
});

test("cancelling is Slurm's", async () => {
  const { launcher, processes } = launcherOn(() => exited(""));
  await launcher.cancel("9");
  expect(processes.calls.map(({ program, args }) => [program, ...args])).toEqual([
    ["scancel", "9"],
  ]);
});
