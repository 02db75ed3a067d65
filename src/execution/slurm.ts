/**
 * Actions as batch jobs of Slurm: sbatch starts one, squeue says what becomes of all, scontrol what became of one that
 * is not in the queue any more, and scancel ends one. Slurm moves no files: actions lie in a folder that all share.
 *
 * Jobs are never requeued by Slurm itself (`--no-requeue`): what is tried again has a folder of its own for its results,
 * so that a node that comes back cannot write into another's.
 */
import { shellWord, TenonError } from "../core/index.ts";
import type { CapturedOutcome, World } from "../world/index.ts";
import type { Launcher, Work, WorkState } from "./launcher.ts";

interface SlurmOptions {
  readonly world: World;
  /** More arguments of sbatch. */
  readonly arguments: readonly string[];
  /** Told once each time that the controller does not answer. */
  readonly onSilent: (said: string) => void;
  readonly signal?: AbortSignal;
}

/** One question for all jobs, this often at most. */
const askEveryMs = 2_000;
const commandMs = 60_000;
const patienceMs = 15 * 60_000;
const retryMs = 5_000;

const isSilent = (said: string): boolean =>
  /contact slurm|connection (refused|timed out|reset)|socket timed out|zero bytes|temporarily|slurm_persist|try again|communications/i.test(
    said,
  );

export function slurmLauncher(options: SlurmOptions): Launcher {
  const { world } = options;
  const { clock } = world;
  let queue = new Map<string, string>();
  let askedAtMs = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;
  const ask = async (): Promise<void> => {
    const rows = await patient(options, "squeue", ["--noheader", "--me", "--format=%i %T"]);
    queue = new Map(rows.split("\n").map((row) => row.trim().split(/\s+/) as [string, string]));
    askedAtMs = clock.monotonicMs();
    asking = undefined;
  };
  return {
    describe: (id) => `the Slurm job ${id}`,
    launch: async (work) => {
      const said = await patient(options, "sbatch", sbatchArguments(work, options.arguments));
      const id = said.trim().split("\n").at(-1)?.split(";")[0] ?? "";
      if (!/^\d+$/.test(id)) throw refused("sbatch", `it printed ${JSON.stringify(said)}`);
      queue.set(id, "PENDING");
      return id;
    },
    stateOf: async (id) => {
      if (clock.monotonicMs() - askedAtMs > askEveryMs) await (asking ??= ask());
      const state = queue.get(id);
      if (state === "PENDING" || state === "CONFIGURING") return { kind: "waiting" };
      if (state !== undefined && !isEnd(state)) return { kind: "running" };
      return endOf(options, id, state);
    },
    cancel: async (id) => {
      await run(world, "scancel", [id]);
    },
  };
}

function sbatchArguments({ name, argv, logFile, jobs }: Work, more: readonly string[]): string[] {
  return [
    "--parsable",
    "--no-requeue",
    `--job-name=tenon-${name}`,
    `--cpus-per-task=${jobs}`,
    `--output=${logFile.replaceAll("%", "%%")}`,
    "--open-mode=append",
    "--chdir=/",
    ...more,
    `--wrap=exec ${argv.map(shellWord).join(" ")}`,
  ];
}

function isEnd(state: string): boolean {
  return !/^(PENDING|CONFIGURING|RUNNING|COMPLETING|SUSPENDED|STOPPED|RESIZING|SIGNALING|STAGE_OUT|REQUEUE\w*)$/.test(
    state,
  );
}

/** Slurm forgets a job some minutes after its end. */
async function endOf(
  options: SlurmOptions,
  id: string,
  known: string | undefined,
): Promise<WorkState> {
  const { outcome, stdout } = await run(options.world, "scontrol", [
    "--oneliner",
    "show",
    "job",
    id,
  ]);
  const isKnown = outcome.kind === "exited" && outcome.code === 0;
  const state = (isKnown ? fieldOf(stdout, "JobState") : undefined) ?? known;
  if (state !== undefined && !isEnd(state)) return { kind: "running" };
  const node = fieldOf(stdout, "NodeList");
  const exit = fieldOf(stdout, "ExitCode") ?? "";
  return ended(state, { node: node === undefined || node === "(null)" ? "" : ` on ${node}`, exit });
}

function fieldOf(text: string, name: string): string | undefined {
  return new RegExp(`(?:^|\\s)${name}=(\\S+)`).exec(text)?.[1];
}

function ended(
  state: string | undefined,
  { node, exit }: { readonly node: string; readonly exit: string },
): WorkState {
  const end = (how: "lost" | "given-up" | "done", words: string, hints: string[] = []) =>
    ({ kind: "ended", how, words: `${words}${node}`, hints }) as const;
  switch (state) {
    case undefined:
      return end("lost", "is not known to Slurm any more");
    case "COMPLETED":
      return end("done", "has ended");
    case "CANCELLED":
      return end("given-up", "was cancelled", [
        "Somebody, or a limit of the cluster, has ended it: run the command again to submit it again.",
      ]);
    case "TIMEOUT":
    case "DEADLINE":
      return end("given-up", "was ended because its time was up", [
        'Give it more in tenon.toml: [execution] arguments = ["--time=4:00:00"].',
      ]);
    case "OUT_OF_MEMORY":
      return end("given-up", "was ended because there was too little memory", [
        'Give it more in tenon.toml: [execution] arguments = ["--mem=16G"].',
      ]);
    case "FAILED":
      return end("lost", `has failed (exit code and signal ${exit})`);
    default:
      return end("lost", `has ended as ${state}`);
  }
}

/** What it prints. While the controller does not answer, it is asked again, for a quarter of an hour. */
async function patient(
  options: SlurmOptions,
  program: string,
  args: readonly string[],
): Promise<string> {
  const { clock } = options.world;
  const startMs = clock.monotonicMs();
  for (let isTold = false; ; isTold = true) {
    const { outcome, stdout, stderr } = await run(options.world, program, args);
    if (outcome.kind === "exited" && outcome.code === 0) return stdout;
    if (outcome.kind === "missing") throw missing(program, outcome.reason);
    const said = stderr.trim() || stdout.trim() || outcome.kind;
    const isTooLate =
      clock.monotonicMs() - startMs > patienceMs || options.signal?.aborted === true;
    if (isTooLate || (outcome.kind === "exited" && !isSilent(said))) throw refused(program, said);
    if (!isTold) options.onSilent(said);
    await clock.sleep(retryMs);
  }
}

function run(world: World, program: string, args: readonly string[]): Promise<CapturedOutcome> {
  return world.processes.capture({ program, args, timeoutMs: commandMs });
}

function refused(program: string, said: string): TenonError {
  return new TenonError({
    kind: "machine",
    code: "SLURM_REFUSED",
    message: `${program} of Slurm has refused: ${said}`,
    hints: ["Correct [execution] in tenon.toml, or build here: `tenon build --local`."],
  });
}

function missing(program: string, reason: string): TenonError {
  return new TenonError({
    kind: "machine",
    code: "SLURM_MISSING",
    message: `the program ${program} of Slurm cannot be started (${reason})`,
    hints: [
      "Install Slurm's client programs (Debian: `apt-get install slurm-client`), or build here: `tenon build --local`.",
    ],
  });
}
