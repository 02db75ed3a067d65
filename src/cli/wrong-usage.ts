/** A wrong command line, worded like every other error. */
import {
  AliasNotFoundError,
  ArgumentParseError,
  EnumValidationError,
  FlagNotFoundError,
  UnexpectedPositionalError,
  UnsatisfiedFlagError,
  UnsatisfiedPositionalError,
} from "@stricli/core";
import { nearestName, oneLine, TenonError } from "../core/index.ts";
import { renderError, type Style } from "../report/index.ts";
import { asTyped } from "./describe.ts";

export function wrongArguments(error: unknown, style: Style): string {
  const [message, corrections] = explain(error);
  return wrongUsage(message, corrections, style);
}

export function unknownCommand(input: string, known: readonly string[], style: Style): string {
  const near = nearestName(input, known);
  const corrections = near === undefined ? [] : [`\`${near}\``];
  return wrongUsage(`there is no command ${input}`, corrections, style);
}

function explain(error: unknown): [message: string, corrections?: readonly string[]] {
  if (error instanceof FlagNotFoundError) {
    const near = nearestName(error.input, error.corrections.map(asTyped));
    return [`there is no option --${error.input}`, near === undefined ? [] : [`--${near}`]];
  }
  if (error instanceof AliasNotFoundError) return [`there is no option -${error.input}`];
  if (error instanceof ArgumentParseError) return explain(error.exception);
  if (error instanceof EnumValidationError) {
    const values = error.values.join(", ");
    return [`${optionOf(error.externalFlagName)} takes one of ${values}, not ${error.input}`];
  }
  if (error instanceof UnsatisfiedFlagError) {
    return [`${optionOf(error.externalFlagName)} takes a value`];
  }
  if (error instanceof UnexpectedPositionalError) {
    return [`one argument too many: ${error.input}`];
  }
  if (error instanceof UnsatisfiedPositionalError) return [`${error.placeholder} is missing`];
  return [error instanceof Error ? error.message : String(error)];
}

function wrongUsage(message: string, corrections: readonly string[] = [], style: Style): string {
  const hint =
    corrections.length === 0
      ? "Run `tenon help` for all commands, `tenon help COMMAND` for one."
      : `Did you mean ${corrections.join(" or ")}?`;
  const error = new TenonError({ kind: "usage", code: "WRONG_USAGE", message, hints: [hint] });
  return renderError(error, style).map(oneLine).join("\n");
}

function optionOf(flag: string): string {
  return `--${asTyped(flag)}`;
}
