/** How commands declare their options, and the options that many have in common. */
import { parseFolder, parseJobs } from "./flag-values.ts";

/** What a command gets of the options that it declares. */
export type FlagsOf<Declared> = {
  readonly [Name in keyof Declared as IfOptional<Declared[Name], never, Name>]: Value<
    Declared[Name]
  >;
} & {
  readonly [Name in keyof Declared as IfOptional<Declared[Name], Name, never>]?: Value<
    Declared[Name]
  >;
};

type IfOptional<Flag, Yes, No> = Flag extends { readonly optional: true } ? Yes : No;

type Value<Flag> = Flag extends { readonly kind: "boolean" }
  ? boolean
  : Flag extends { readonly values: readonly (infer Choice)[] }
    ? Choice
    : Flag extends { readonly parse: (typed: string) => infer Parsed }
      ? Flag extends { readonly variadic: true }
        ? readonly Parsed[]
        : Parsed
      : never;

export function boolean(brief: string) {
  return { kind: "boolean", brief, withNegated: false, default: false } as const;
}

/** An option with a value, such as `--prefix DIR`. */
export function value<Parsed>(
  brief: string,
  placeholder: string,
  parse: (typed: string) => Parsed,
) {
  return { kind: "parsed", parse, brief, placeholder, optional: true } as const;
}

export function text(brief: string, placeholder: string) {
  return value(brief, placeholder, String);
}

/** An option that may be repeated. */
export function many(brief: string, placeholder: string) {
  return { ...text(brief, placeholder), variadic: true } as const;
}

export const directoryFlag = value("Act as if started in this folder", "DIR", parseFolder);

/** The help of `tenon build` speaks for all commands, most users of which have no such tree. */
export const sageFlag = {
  ...value("A SageMath checkout, instead of a workspace", "DIR", parseFolder),
  hidden: true,
} as const;

export const trustFlag = {
  ...value(
    "Trust what is in this folder: a prefix, workspace or store of another user, and programs that [execution] names",
    "DIR",
    parseFolder,
  ),
  variadic: true,
} as const;

/** `-C DIR`, `--sage DIR`, `--prefix DIR` and `--trust DIR`. */
export const workspaceFlags = {
  directory: directoryFlag,
  sage: sageFlag,
  prefix: value("The prefix, instead of the one in tenon.toml", "DIR", parseFolder),
  trust: trustFlag,
} as const;

export const workspaceAliases = { C: "directory" } as const;

export const jsonFlag = boolean("Print JSON, one value per line");

export const quietFlag = boolean("Print only warnings, errors and the requested result");

export const offlineFlag = boolean("Do not use the network");

export const noSyncFlag = boolean(
  "Do not wait for the disk: faster, but not safe against a power loss",
);

const weakRenamesFlag = {
  kind: "boolean",
  brief: "Replace file by file where the file system cannot exchange two entries (NFS, some FUSE)",
  withNegated: false,
  optional: true,
} as const;

export const isolationFlag = {
  kind: "enum",
  values: ["auto", "view", "none"],
  brief: "Build in private views of the prefix, or without",
  default: "auto",
} as const;

export const jobsFlag = value(
  "The number of jobs that may run at once; one for each processor when absent",
  "N",
  parseJobs,
);

export const linkFlag = {
  kind: "enum",
  values: ["reflink", "hardlink", "copy"],
  brief: "How files get from the store into the prefix, whatever tenon.toml says",
  optional: true,
} as const;

/** The one argument of a command. */
export function argument(brief: string, placeholder: string) {
  return { kind: "tuple", parameters: [{ parse: String, brief, placeholder }] } as const;
}

/** As many arguments as one likes. */
export function argumentsOf(brief: string, placeholder: string) {
  return { kind: "array", parameter: { parse: String, brief, placeholder } } as const;
}

export const packageName = argument("A package's name", "PACKAGE");

export const packageNames = argumentsOf("A package's name", "PACKAGE");

export const runFlag = text("Of this run, instead of the last one", "ID");

/** Of a command that only asks a question. */
export const queryFlags = { ...workspaceFlags, json: jsonFlag } as const;

export type QueryFlags = FlagsOf<typeof queryFlags>;

/** Of a command that locks the prefix. */
export const lockingFlags = {
  ...workspaceFlags,
  noWait: boolean("Refuse when another process is changing the prefix, instead of waiting"),
  noSync: noSyncFlag,
  json: jsonFlag,
  quiet: quietFlag,
} as const;

/** `-q` besides. */
export const lockingAliases = { ...workspaceAliases, q: "quiet" } as const;

/** Of a command that changes the prefix in a transaction. */
export const changeFlags = {
  ...lockingFlags,
  weakRenames: weakRenamesFlag,
  dryRun: boolean("Only print what would be done; the prefix is not changed"),
} as const;

/** Of a command that makes a tree from another one: both are its arguments. */
export const treeFlags = {
  link: { ...linkFlag, brief: "How files come that stay as they are; hard links when absent" },
  trust: trustFlag,
  noWait: lockingFlags.noWait,
  noSync: noSyncFlag,
  json: jsonFlag,
  quiet: quietFlag,
  dryRun: boolean("Only print what would be done; nothing is made"),
} as const;

export type TransplantFlags = FlagsOf<typeof treeFlags>;

export const treeAliases = { q: "quiet", n: "dryRun" } as const;

export const movingFlags = {
  ...treeFlags,
  force: boolean("Even where something would still name the old path"),
} as const;

export type MovingFlags = FlagsOf<typeof movingFlags>;

/** The path that is there, and the new one. */
export function twoFolders(first: string, second: string) {
  const folder = (brief: string, placeholder: string) =>
    ({ parse: parseFolder, brief, placeholder }) as const;
  return {
    kind: "tuple",
    parameters: [folder("The path that its files name now", first), folder("The new path", second)],
  } as const;
}

export const changeAliases = { ...lockingAliases, n: "dryRun" } as const;

/** Options that are the same for many commands, and that few people come for. */
export const commonFlags: ReadonlySet<string> = new Set(
  Object.keys({ ...lockingFlags, weakRenames: weakRenamesFlag }),
);

export type ChangeFlags = FlagsOf<typeof changeFlags>;
