/**
 * A command as its declaration describes it. Its help, its manual page, the completion of shells and
 * docs/reference/commands.md are made of this alone.
 */
import type { CommandDocs } from "./commands/command-line.ts";
import { commonFlags } from "./flags.ts";

export interface Description {
  readonly name: string;
  readonly docs: CommandDocs;
  /** What follows `tenon NAME`, in each form that it has. */
  readonly usage: readonly string[];
  readonly arguments: readonly { readonly name: string; readonly brief: string }[];
  readonly options: readonly Option[];
}

export interface Option {
  /** As it is typed, without `--`. */
  readonly name: string;
  readonly letter?: string;
  /** What its value is called, or which values there are; absent for one that is on or off. */
  readonly value?: string;
  /** Where only some are allowed. */
  readonly values?: readonly string[];
  /** Its value where it stands without one; absent where it has to have one. */
  readonly bare?: string;
  readonly brief: string;
  readonly defaultValue?: string;
  readonly repeats: boolean;
  /** Whether many commands have it. */
  readonly isCommon: boolean;
  /** For few people: left out unless all is asked for. */
  readonly isHidden: boolean;
}

/** What declarations of options have in common, whatever their types. */
interface Flag {
  readonly kind: string;
  readonly brief: string;
  readonly placeholder?: string;
  readonly values?: readonly string[];
  readonly default?: unknown;
  readonly variadic?: unknown;
  readonly hidden?: boolean;
  readonly bare?: string;
}

interface Argument {
  readonly brief: string;
  readonly placeholder?: string;
  readonly optional?: boolean;
}

interface Declared {
  readonly flags?: Readonly<Record<string, Flag>>;
  readonly aliases?: Readonly<Record<string, unknown>>;
  readonly positional?:
    | { readonly kind: "array"; readonly parameter: Argument; readonly minimum?: number }
    | { readonly kind: "tuple"; readonly parameters: readonly Argument[] };
}

/** `line` is the declaration of any command: `CommandLine` without its types. */
export function describe(
  name: string,
  line: { readonly docs: CommandDocs; readonly parameters: object },
): Description {
  const declared = line.parameters as Declared;
  const given = argumentsOf(declared);
  return {
    name,
    docs: line.docs,
    usage: line.docs.customUsage ?? [given.map(({ usage }) => usage).join(" ")],
    arguments: given,
    options: optionsOf(line.parameters),
  };
}

/** What is declared for `parameters.flags`, in its order. */
export function optionsOf(parameters: object): Option[] {
  const { flags = {}, aliases = {} } = parameters as Declared;
  return Object.entries(flags).map(([name, flag]) => {
    const letter = Object.keys(aliases).find((each) => aliases[each] === name);
    const { values, default: standard } = flag;
    const isText = typeof standard === "string" && standard !== "";
    return {
      name: asTyped(name),
      ...(letter === undefined ? {} : { letter }),
      ...(flag.kind === "boolean"
        ? {}
        : { value: values?.join("|") ?? flag.placeholder ?? "VALUE" }),
      ...(values === undefined ? {} : { values }),
      ...(flag.bare === undefined ? {} : { bare: flag.bare }),
      brief: flag.brief,
      ...(isText ? { defaultValue: standard } : {}),
      repeats: flag.variadic === true,
      isCommon: commonFlags.has(name),
      isHidden: flag.hidden === true,
    };
  });
}

/** `failFast` is typed as `--fail-fast`. */
export function asTyped(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function argumentsOf({ positional }: Declared) {
  if (positional === undefined) return [];
  if (positional.kind === "array") {
    const { brief, placeholder: name = "ARGUMENT" } = positional.parameter;
    const isNeeded = (positional.minimum ?? 0) > 0;
    return [{ name, brief, usage: isNeeded ? `${name}…` : `[${name}…]` }];
  }
  return positional.parameters.map(({ brief, placeholder: name = "ARGUMENT", optional }) => {
    return { name, brief, usage: optional === true ? `[${name}]` : name };
  });
}
