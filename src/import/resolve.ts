/** Choosing versions, which is uv's work, or pip's where there is no uv: both by their commands. */
import { TenonError } from "../core/index.ts";
import {
  type MarkerEnvironment,
  normalizeProject,
  type Requirement,
  showRequirement,
} from "../requirements/index.ts";
import type { Requested } from "./wanted.ts";
import { type CapturedOutcome, type Disk, readText, writeAtomically } from "../world/index.ts";
import { readCompiled, readReport, type Resolution, withDirect } from "./resolution.ts";
import { commandLimitMs, runUv, type UvContext } from "./uv.ts";

export interface ResolveContext extends UvContext {
  readonly markers: MarkerEnvironment;
}

export interface Question {
  readonly requirements: readonly Requirement[];
  readonly constraints: readonly Requirement[];
  /** Projects that must have a wheel; `:all:` stands for all. */
  readonly onlyBinary: readonly string[];
  /** What is not from the index; its requirement has the address. */
  readonly direct: Requested["direct"];
  /** Whether versions before a release will do. */
  readonly allowsPreviews: boolean;
}

/** A refusal is an outcome: the caller may ask for less. */
export type ResolveOutcome = Resolved | Refused;

interface Resolved {
  readonly kind: "resolved";
  readonly resolution: Resolution;
}

interface Refused {
  readonly kind: "refused";
  readonly resolver: "uv" | "pip";
  /** As its resolver said it, line by line. */
  readonly reason: readonly string[];
}

export async function resolve(
  context: ResolveContext,
  question: Question,
): Promise<ResolveOutcome> {
  const { disk } = context.world;
  const { direct, allowsPreviews } = question;
  const requirements = question.requirements.filter(({ name }) => !direct.get(name)?.needs);
  const wanted = `${context.scratch}/requirements.txt`;
  const bounds = `${context.scratch}/constraints.txt`;
  writeRequirements(disk, wanted, requirements);
  writeRequirements(disk, bounds, question.constraints);
  const options = ["-c", bounds, ...question.onlyBinary.flatMap((name) => ["--only-binary", name])];
  const [forUv, forPip] = allowsPreviews ? [["--prerelease", "allow"], ["--pre"]] : [[], []];
  const answer =
    (await askUv(context, [...options, ...forUv, wanted], direct)) ??
    (await askPip(context, [...options, ...forPip, "-r", wanted], requirements));
  return answer.kind === "refused"
    ? answer
    : { kind: "resolved", resolution: withDirect(answer.resolution, direct) };
}

function writeRequirements(disk: Disk, file: string, requirements: readonly Requirement[]): void {
  const lines = [...new Set(requirements.map(showRequirement))].sort();
  const text = lines.map((line) => `${line}\n`).join("");
  writeAtomically(disk, file, text, { temporary: `${file}.new`, durable: false });
}

async function askUv(
  context: ResolveContext,
  options: readonly string[],
  direct: Requested["direct"],
): Promise<ResolveOutcome | undefined> {
  const ended = await runUv(
    context,
    ["pip", "compile"],
    [
      "--no-header",
      "--no-strip-extras",
      "--annotation-style",
      "split",
      "--python",
      context.python,
      ...options,
    ],
  );
  if (ended === undefined) return undefined;
  if (!isDone(ended)) return refused("uv", ended);
  return { kind: "resolved", resolution: readCompiled(ended.stdout, direct) };
}

async function askPip(
  context: ResolveContext,
  options: readonly string[],
  roots: readonly Requirement[],
): Promise<ResolveOutcome> {
  const { world, python, environment, scratch } = context;
  const report = `${scratch}/report.json`;
  const ended = await world.processes.capture({
    program: python,
    args: [
      "-m",
      "pip",
      "install",
      "--dry-run",
      "--ignore-installed",
      "--quiet",
      "--no-input",
      // With a target of its own, pip does not ask whether this Python may be changed.
      "--target",
      `${scratch}/target`,
      "--report",
      report,
      ...options,
    ],
    environment: { ...environment, NO_COLOR: "1", PIP_DISABLE_PIP_VERSION_CHECK: "1" },
    workingDirectory: scratch,
    timeoutMs: commandLimitMs,
  });
  if (/No module named pip\b/.test(ended.stderr)) throw noResolver(python);
  if (!isDone(ended)) return refused("pip", ended);
  const resolution = readReport(readText(world.disk, report), roots, context.markers);
  return { kind: "resolved", resolution };
}

function isDone({ outcome }: CapturedOutcome): boolean {
  return outcome.kind === "exited" && outcome.code === 0;
}

const shownLines = 12;

function refused(resolver: Refused["resolver"], ended: CapturedOutcome): Refused {
  const lines = (ended.stderr.trim() || ended.outcome.kind).split("\n").filter(Boolean);
  return { kind: "refused", resolver, reason: lines.slice(-shownLines) };
}

/** `asking`: who asked for what, in sentences that are told where the reason names the project. */
export function cannotResolve(
  { resolver, reason }: Refused,
  asking: readonly { readonly project: string; readonly sentence: string }[] = [],
): TenonError {
  const words = new Set(
    reason
      .join(" ")
      .split(/[^A-Za-z0-9._-]+/)
      .map(normalizeProject),
  );
  const askers = asking.flatMap(({ project, sentence }) => (words.has(project) ? sentence : []));
  return new TenonError({
    kind: "source",
    code: "CANNOT_RESOLVE",
    message: [`${resolver} finds no versions that go together:`, ...reason, ...askers],
    hints: [
      "One prefix holds one version of a project: loosen a bound, or take another version of who asks.",
      "Recipes that are there keep their versions, except those that are named with `tenon add --upgrade`.",
    ],
  });
}

function noResolver(python: string): TenonError {
  return new TenonError({
    kind: "machine",
    code: "NO_RESOLVER",
    message: `there is no uv, and ${python} has no pip: one of them chooses the versions`,
    hints: ["Install uv (`pip install uv`), or python3-pip with the system's package manager."],
  });
}
