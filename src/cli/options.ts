/** The options that many commands have in common. */
import { type EventSink, TenonError } from "../core/index.ts";
import type { SessionOptions } from "../library/index.ts";
import type { Context } from "./context.ts";
import { storeFolder } from "./store-folder.ts";

const text = (value: string): string => value;

/** An unset variable in a script must not make the current folder a prefix. */
function folder(value: string): string {
  if (value !== "") return value;
  throw new TenonError({
    kind: "usage",
    code: "NO_FOLDER",
    message: "the name of a folder is empty",
  });
}

export interface WorkspaceFlags {
  readonly directory?: string;
  readonly sage?: string;
  readonly prefix?: string;
  readonly trust?: readonly string[];
}

/** `-C DIR`, `--sage DIR`, `--prefix DIR` and `--trust DIR`. */
export const workspaceFlags = {
  directory: {
    kind: "parsed",
    parse: folder,
    brief: "Act as if started in this folder",
    placeholder: "DIR",
    optional: true,
  },
  sage: {
    kind: "parsed",
    parse: folder,
    brief: "A SageMath checkout, instead of a workspace",
    placeholder: "DIR",
    optional: true,
  },
  prefix: {
    kind: "parsed",
    parse: folder,
    brief: "The prefix, instead of the one in tenon.toml",
    placeholder: "DIR",
    optional: true,
  },
  trust: {
    kind: "parsed",
    parse: folder,
    brief: "A folder of others whose prefix, workspace or store is believed; may be repeated",
    placeholder: "DIR",
    variadic: true,
    optional: true,
  },
} as const;

export const workspaceAliases = { C: "directory" } as const;

export const jsonFlag = {
  kind: "boolean",
  brief: "Print for machines: one JSON value a line",
  withNegated: false,
  default: false,
} as const;

export const offlineFlag = {
  kind: "boolean",
  brief: "Use no network",
  withNegated: false,
  default: false,
} as const;

export const noSyncFlag = {
  kind: "boolean",
  brief: "Do not wait for the disk: faster, but not safe against a power loss",
  withNegated: false,
  default: false,
} as const;

export const weakRenamesFlag = {
  kind: "boolean",
  brief: "Replace file by file where the file system cannot exchange two entries (NFS, some FUSE)",
  withNegated: false,
  optional: true,
} as const;

export const noWaitFlag = {
  kind: "boolean",
  brief: "Refuse when another process is changing the prefix, instead of waiting",
  withNegated: false,
  default: false,
} as const;

export const isolationFlag = {
  kind: "enum",
  values: ["auto", "view", "none"],
  brief: "Build in private views of the prefix, or without",
  default: "auto",
} as const;

export const linkFlag = {
  kind: "enum",
  values: ["reflink", "hardlink", "copy"],
  brief: "How files come from the store into the prefix, instead of what tenon.toml says",
  optional: true,
} as const;

/** Names of packages after the options. */
export const packageNames = {
  kind: "array",
  parameter: { parse: text, brief: "A package's name", placeholder: "PACKAGE" },
} as const;

export const packageName = {
  kind: "tuple",
  parameters: [{ parse: text, brief: "A package's name", placeholder: "PACKAGE" }],
} as const;

const mostJobs = 10_000;

export function parseJobs(value: string): number {
  const jobs = /^\d+$/.test(value) ? Number(value) : 0;
  if (jobs >= 1 && jobs <= mostJobs) return jobs;
  throw new TenonError({
    kind: "usage",
    code: "JOBS",
    message: `-j takes a whole number from 1 to ${mostJobs}, not ${JSON.stringify(value)}`,
  });
}

export function parseCount(value: string): number {
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw new TenonError({
    kind: "usage",
    code: "COUNT",
    message: `a whole number is needed, not ${JSON.stringify(value)}`,
  });
}

/** Bytes, or with K, M, G or T times 1024 each, as for make, systemd and most others. */
export function parseSize(value: string): number {
  const [, digits = "", unit = ""] = /^(\d{1,15}(?:\.\d+)?)([KMGT]?)(?:i?B)?$/i.exec(value) ?? [];
  const exponent = ["", "K", "M", "G", "T"].indexOf(unit.toUpperCase());
  const bytes = digits === "" ? 0 : Math.round(Number(digits) * 1024 ** exponent);
  if (bytes >= 1) return bytes;
  throw new TenonError({
    kind: "usage",
    code: "SIZE",
    message: `a size such as 800M or 8G is needed, not ${JSON.stringify(value)}`,
  });
}

export interface SessionFlags extends WorkspaceFlags {
  readonly offline?: boolean;
  readonly noSync?: boolean;
  readonly weakRenames?: boolean;
}

export function sessionOptions(
  context: Context,
  flags: SessionFlags,
  command: { readonly activity: string; readonly emit: EventSink },
): SessionOptions {
  const directory = absolute(context.currentDirectory, flags.directory ?? ".");
  return {
    directory,
    ...(flags.sage === undefined ? {} : { sage: absolute(context.currentDirectory, flags.sage) }),
    ...(flags.prefix === undefined
      ? {}
      : { prefix: absolute(context.currentDirectory, flags.prefix) }),
    ...trustOptions(context, flags),
    store: storeFolder(context.environment),
    activity: command.activity,
    sync: !flags.noSync,
    ...(flags.weakRenames === undefined ? {} : { weakRenames: flags.weakRenames }),
    offline: flags.offline ?? false,
    emit: command.emit,
    signal: context.signal,
  };
}

export function trustOptions(
  { currentDirectory, environment }: Context,
  { trust }: WorkspaceFlags,
): Pick<SessionOptions, "trust" | "environment"> {
  const folders = trust?.map((each) => absolute(currentDirectory, each));
  return { environment, ...(folders === undefined ? {} : { trust: folders }) };
}

export function absolute(base: string, path: string): string {
  const names: string[] = [];
  for (const name of `${path.startsWith("/") ? "" : base}/${path}`.split("/")) {
    if (name === "" || name === ".") continue;
    if (name === "..") names.pop();
    else names.push(name);
  }
  return `/${names.join("/")}`;
}
