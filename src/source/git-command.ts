/** Running git so that it neither asks questions nor changes the content of files. */
import { TenonError, withoutCredentials } from "../core/index.ts";
import { type SourceContext, stallMsOf } from "./context.ts";
import { named, type SourceSubject } from "./failures.ts";

interface GitCommand {
  readonly args: readonly string[];
  /** The bare repository to work in. */
  readonly clone?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

interface GitAnswer {
  readonly succeeded: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** Throws only when there is no git. */
export async function runGit(context: SourceContext, command: GitCommand): Promise<GitAnswer> {
  const { outcome, stdout, stderr } = await context.world.processes.capture({
    program: "git",
    args: [...settings(context), ...command.args],
    environment: {
      ...ownEnvironment(context.environment),
      ...command.environment,
      ...(command.clone === undefined ? {} : { GIT_DIR: command.clone }),
      GIT_TERMINAL_PROMPT: "0",
      LC_ALL: "C",
    },
    ...(context.signal === undefined ? {} : { signal: context.signal }),
  });
  if (outcome.kind === "missing") throw noGit(outcome.reason);
  return { succeeded: outcome.kind === "exited" && outcome.code === 0, stdout, stderr };
}

/** Gives what git printed; a failure is an error of kind `source` with git's own words. */
export async function runGitOrThrow(
  context: SourceContext,
  subject: SourceSubject,
  command: GitCommand,
): Promise<string> {
  const answer = await runGit(context, command);
  if (answer.succeeded) return answer.stdout;
  throw new TenonError({
    kind: "source",
    code: "GIT_FAILED",
    message: `${named(subject)}: git ${command.args[0]} failed`,
    hints: withoutCredentials(answer.stderr).trim().split("\n").filter(Boolean).slice(-5),
  });
}

function settings(context: SourceContext): string[] {
  const values = [
    "core.autocrlf=false",
    "core.eol=lf",
    "core.symlinks=true",
    "core.fileMode=true",
    "core.hooksPath=/dev/null",
    "gc.auto=0",
    "maintenance.auto=false",
    "advice.detachedHead=false",
    "http.lowSpeedLimit=1",
    `http.lowSpeedTime=${Math.ceil(stallMsOf(context) / 1_000)}`,
  ];
  return values.flatMap((value) => ["-c", value]);
}

/** Inside a git hook the caller's GIT_DIR and its like would lead git to another repository. */
function ownEnvironment(environment: Readonly<Record<string, string>>): Record<string, string> {
  const places = /^GIT_(DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|COMMON_DIR|NAMESPACE|PREFIX)$/;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !places.test(name)));
}

function noGit(reason: string): TenonError {
  return new TenonError({
    kind: "machine",
    code: "GIT_MISSING",
    message: `git cannot be started (${reason})`,
    hints: ["Install it: `apt-get install git`, or your system's package of git."],
  });
}
