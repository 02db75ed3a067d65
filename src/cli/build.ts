/** `tenon build [PACKAGE…]` */
import { typedWord } from "../core/index.ts";
import { build, type BuildOptions, type BuildResult, TenonError } from "../library/index.ts";
import { renderBuildResult } from "../report/index.ts";
import type { BuildFlags } from "./commands/build.ts";
import {
  type Context,
  guard,
  printJson,
  printLines,
  printUnlessQuiet,
  tellLines,
} from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { sessionOptions } from "./options.ts";
import { programFolder } from "./program-folder.ts";
import { openProgress } from "./progress.ts";
import { version } from "./version.ts";

export default function runBuild(
  this: Context,
  flags: BuildFlags,
  ...packages: string[]
): Promise<void> {
  return guard(this, async () => {
    if (flags.failFast && flags.keepGoing !== undefined) throw bothWays();
    const progress = openProgress(this, flags);
    const { emit } = progress;
    const notes = this.privateFolder?.("idle");
    const result = await build(this.world, {
      ...sessionOptions(this, flags, { activity: "tenon build", emit }),
      packages,
      ...choiceOf(flags),
      ...(flags.jobs === undefined ? {} : { jobs: flags.jobs }),
      isolation: flags.isolation,
      failFast: flags.failFast,
      joinWhole: flags.keepGoing === "join",
      locked: flags.locked,
      local: flags.local,
      program: programFolder(),
      ...(notes === undefined ? {} : { notes }),
      keep: flags.keep,
      again: flags.again,
      noCache: flags.noCache,
      dryRun: flags.dryRun,
      ...(flags.check === undefined ? {} : { check: flags.check }),
      ...(flags.memory === undefined ? {} : { memoryBytes: flags.memory }),
      ...(flags.link === undefined ? {} : { link: flags.link }),
      invocation: { version, arguments: this.arguments },
    }).finally(progress.close);
    if (flags.json) printJson(this, { kind: "result", result: toJson(result) });
    else print(this, result, flags, packages);
    return exitCode(result);
  });
}

function choiceOf({ standard, changed }: BuildFlags): Pick<BuildOptions, "choice"> {
  return standard ? { choice: "standard" } : changed ? { choice: "installed" } : {};
}

function print(context: Context, result: BuildResult, flags: BuildFlags, packages: string[]): void {
  const good = result.kind === "done" || result.kind === "planned";
  const lines = renderBuildResult(result, {
    style: good ? context.style.out : context.style.err,
    currentDirectory: context.currentDirectory,
    retry: retryCommand(flags, packages),
    lookCloser: (failed) => lookCloser.map((name) => lookCommand(name, flags, failed)),
  });
  if (result.kind === "planned") printLines(context, lines);
  else if (good) printUnlessQuiet(context, flags, lines);
  else tellLines(context, lines);
}

/** The commands that are offered for a failed package. */
const lookCloser = ["log", "shell"];

function lookCommand(name: string, flags: BuildFlags, failed: string): string {
  return [`tenon ${name}`, ...placeFlags(flags), failed].join(" ");
}

function placeFlags(flags: BuildFlags): string[] {
  return [
    ...(flags.directory === undefined ? [] : ["-C", typedWord(flags.directory)]),
    ...(flags.sage === undefined ? [] : ["--sage", typedWord(flags.sage)]),
    ...(flags.prefix === undefined ? [] : ["--prefix", typedWord(flags.prefix)]),
  ];
}

function retryCommand(flags: BuildFlags, packages: readonly string[]): string {
  return [
    "tenon build",
    ...placeFlags(flags),
    ...(flags.isolation === "auto" ? [] : ["--isolation", flags.isolation]),
    ...(flags.jobs === undefined ? [] : [`-j${flags.jobs}`]),
    ...(flags.memory === undefined ? [] : ["--memory", String(flags.memory)]),
    ...(flags.link === undefined ? [] : ["--link", flags.link]),
    ...(flags.check === undefined ? [] : [flags.check === "warn" ? "--check=warn" : "--check"]),
    ...(flags.offline ? ["--offline"] : []),
    ...(flags.noCache ? ["--no-cache"] : []),
    ...(flags.keepGoing === "join" ? ["--keep-going=join"] : []),
    ...(flags.locked ? ["--locked"] : []),
    ...(flags.local ? ["--local"] : []),
    ...(flags.again ? ["--again"] : []),
    ...(flags.keep ? ["--keep"] : []),
    ...(flags.standard ? ["--standard"] : []),
    ...(flags.changed ? ["--changed"] : []),
    ...packages,
  ].join(" ");
}

function bothWays(): TenonError {
  return new TenonError({
    kind: "usage",
    code: "WRONG_USAGE",
    message: "--fail-fast and --keep-going exclude each other",
    hints: ["Leave one of them out; without both, tenon builds on and joins nothing."],
  });
}

function exitCode(result: BuildResult): number {
  switch (result.kind) {
    case "done":
    case "planned":
      return exitCodes.done;
    case "failed":
      return exitCodes.failed;
    case "conflict":
      return exitCodes.conflict;
    case "interrupted":
      return exitCodes.interrupted;
  }
}

function toJson(result: BuildResult): unknown {
  return result.kind === "failed"
    ? { ...result, blocked: Object.fromEntries(result.blocked) }
    : result;
}
