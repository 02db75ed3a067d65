/** Arguments as users of make and git write them, turned into the form that the commands read. */

import { workspaceFlags } from "./flags.ts";

/** What may stand before the command's name. */
const names = [...Object.keys(workspaceFlags), "jobs"].map((name) => `--${name}`);
const withValue = new Set(["-C", "-j", ...names]);

/**
 * `-j8` is `-j 8`, `--check` is `--check=require`, `--keep-going` is `--keep-going=build`, `tenon -C DIR build` is `tenon build -C DIR`;
 * without a command, `--help`.
 */
export function normalizeArguments(args: readonly string[]): string[] {
  const end = args.indexOf("--");
  const options = end < 0 ? args : args.slice(0, end);
  const rest = end < 0 ? [] : args.slice(end);
  return [...hoistOptions(options.flatMap(splitShortOption).map(fillIn)), ...rest];
}

/** `-j8` and `-C../x`, the short options that take a value. */
function splitShortOption(arg: string): string[] {
  return /^-[jC][^=]/.test(arg) ? [arg.slice(0, 2), arg.slice(2)] : [arg];
}

/** What may be given with a value or without. */
function fillIn(arg: string): string {
  if (arg === "--keep-going") return "--keep-going=build";
  return arg === "--check" ? "--check=require" : arg;
}

/** Moves the options that stand before the command's name behind it. */
function hoistOptions(args: readonly string[]): readonly string[] {
  let at = 0;
  while (at < args.length) {
    const arg = args[at] as string;
    if (withValue.has(arg)) at += 2;
    else if (names.some((name) => arg.startsWith(`${name}=`))) at += 1;
    else break;
  }
  const command = args[at];
  if (command === undefined) return ["--help"];
  if (at === 0) return args;
  return [command, ...args.slice(0, at), ...args.slice(at + 1)];
}
