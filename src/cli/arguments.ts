/** Arguments as users of make and git write them, turned into the form that the commands read. */

import { build } from "./commands/build.ts";
import { run } from "./commands/run.ts";
import { shell } from "./commands/shell.ts";
import { optionsOf } from "./describe.ts";
import { workspaceFlags } from "./flags.ts";

/** What may stand before the command's name. */
const names = [...Object.keys(workspaceFlags), "jobs"].map((name) => `--${name}`);
const withValue = new Set(["-C", "-j", ...names]);

/**
 * `-j8` is `-j 8`, `--check` is `--check=require`, `--keep-going` is `--keep-going=build`, `tenon -C DIR build` is `tenon build -C DIR`;
 * without a command, `--help`.
 */
export function normalizeArguments(args: readonly string[]): string[] {
  const ended = endOptions(askForHelp(args));
  const end = ended.indexOf("--");
  const options = end < 0 ? ended : ended.slice(0, end);
  const rest = end < 0 ? [] : ended.slice(end);
  return [...hoistOptions(options.flatMap(splitShortOption).map(fillIn)), ...rest];
}

/** `tenon help build` is `tenon build --help`. */
function askForHelp(args: readonly string[]): readonly string[] {
  const start = placeOfCommand(args);
  const [name, ...asked] = args.slice(start);
  if (name !== "help" || asked.some((each) => each.startsWith("-"))) return args;
  return [...asked, "--help"];
}

/** What these run has options of its own: none after its name is tenon's. */
const runners = new Map([
  ["run", { parameters: run.parameters, wordsBefore: 0 }],
  ["shell", { parameters: shell.parameters, wordsBefore: 1 }],
]);

/** Puts a `--` before the program that a runner is to run. */
function endOptions(args: readonly string[]): readonly string[] {
  const start = placeOfCommand(args);
  const runner = runners.get(args[start] ?? "");
  if (runner === undefined) return args;
  const takesValue = new Set(
    optionsOf(runner.parameters).flatMap(({ name, letter, value }) => {
      if (value === undefined) return [];
      return letter === undefined ? [`--${name}`] : [`--${name}`, `-${letter}`];
    }),
  );
  let words = 0;
  for (let at = start + 1; at < args.length; at += 1) {
    const arg = args[at] as string;
    if (arg === "--") return args;
    if (takesValue.has(arg)) at += 1;
    else if (!/^-./.test(arg) && ++words > runner.wordsBefore) {
      return [...args.slice(0, at), "--", ...args.slice(at)];
    }
  }
  return args;
}

/** `-j8` and `-C../x`, the short options that take a value. */
function splitShortOption(arg: string): string[] {
  return isShortWithValue(arg) ? [arg.slice(0, 2), arg.slice(2)] : [arg];
}

function isShortWithValue(arg: string): boolean {
  return /^-[jC][^=]/.test(arg);
}

/** What may be given with a value or without. */
const bareOptions = new Map(
  optionsOf(build.parameters).flatMap(({ name, bare }) =>
    bare === undefined ? [] : [[`--${name}`, `--${name}=${bare}`]],
  ),
);

function fillIn(arg: string): string {
  return bareOptions.get(arg) ?? arg;
}

/** The index of the command's name, which options may stand before. */
function placeOfCommand(args: readonly string[]): number {
  let at = 0;
  while (at < args.length) {
    const arg = args[at] as string;
    if (withValue.has(arg)) at += 2;
    else if (names.some((name) => arg.startsWith(`${name}=`)) || isShortWithValue(arg)) at += 1;
    else break;
  }
  return at;
}

/** Moves the options that stand before the command's name behind it. */
function hoistOptions(args: readonly string[]): readonly string[] {
  const at = placeOfCommand(args);
  const command = args[at];
  if (command === undefined) return ["--help"];
  if (at === 0) return args;
  return [command, ...args.slice(0, at), ...args.slice(at + 1)];
}
