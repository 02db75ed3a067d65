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
  readonly docs: CommandDocs;
  readonly parameters: TypedCommandParameters<Flags, Arguments, Context>;
}

export interface CommandDocs {
  /** What it does, in a line. */
  readonly brief: string;
  /** Its arguments in each form that it has, where they are not those that it takes. */
  readonly customUsage?: readonly string[];
  /** More of it: paragraphs. */
  readonly more?: readonly string[];
  /** Command lines, and what each does. */
  readonly examples?: readonly (readonly [line: string, what: string])[];
}

/** A command whose help is written by `formatHelp`. */
export function command<Flags extends BaseFlags, Arguments extends BaseArgs>(
  { docs, parameters }: CommandLine<Flags, Arguments>,
  loader: CommandFunctionLoader<Flags, Arguments, Context>,
): Command<Context> {
  const { brief } = docs;
  return buildCommand<Flags, Arguments, Context>({ docs: { brief }, parameters, loader });
}
