/** What a command takes on the command line, apart from the file that does its work: that is loaded when it is run. */
import {
  type BaseArgs,
  type BaseFlags,
  buildCommand,
  type Command,
  type CommandFunctionLoader,
  type TypedCommandParameters,
} from "@stricli/core";
import type { Context } from "../context.ts";

export interface CommandLine<Flags extends BaseFlags, Arguments extends BaseArgs = []> {
  readonly docs: {
    readonly brief: string;
    /** Its arguments in each form that it has, where they are not those that it requires. */
    readonly customUsage?: readonly string[];
  };
  readonly parameters: TypedCommandParameters<Flags, Arguments, Context>;
}

/** A command whose usage lines in `tenon --help` are those of its own help. */
export function command<Flags extends BaseFlags, Arguments extends BaseArgs>(
  { docs, parameters }: CommandLine<Flags, Arguments>,
  loader: CommandFunctionLoader<Flags, Arguments, Context>,
): Command<Context> {
  const { customUsage } = docs;
  const built = buildCommand<Flags, Arguments, Context>({ docs, parameters, loader });
  if (customUsage === undefined) return built;
  return {
    ...built,
    formatUsageLine: ({ prefix }) =>
      customUsage.map((usage) => [...prefix, usage].join(" ")).join("\n  "),
  };
}
