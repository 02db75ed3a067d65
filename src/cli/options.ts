/** From the options of the command line to those of a session. */
import type { EventSink } from "../core/index.ts";
import type { SessionOptions } from "../library/index.ts";
import type { Context } from "./context.ts";
import type { FlagsOf, workspaceFlags } from "./flags.ts";
import { storeFolder } from "./store-folder.ts";

type WorkspaceFlags = FlagsOf<typeof workspaceFlags>;

export interface SessionFlags extends WorkspaceFlags {
  readonly offline?: boolean;
  readonly noSync?: boolean;
  readonly weakRenames?: boolean;
  readonly noWait?: boolean;
  readonly dryRun?: boolean;
}

export function sessionOptions(
  context: Context,
  flags: SessionFlags,
  command: { readonly activity: string; readonly emit: EventSink },
): SessionOptions {
  const directory = absolute(context.currentDirectory, flags.directory ?? ".");
  return {
    directory,
    ...companionOption(context, flags),
    ...(flags.prefix === undefined
      ? {}
      : { prefix: absolute(context.currentDirectory, flags.prefix) }),
    ...trustOptions(context, flags),
    store: storeFolder(context.environment),
    activity: command.activity,
    sync: !flags.noSync,
    ...(flags.weakRenames === undefined ? {} : { weakRenames: flags.weakRenames }),
    noWait: flags.noWait ?? false,
    dryRun: flags.dryRun ?? false,
    offline: flags.offline ?? false,
    emit: command.emit,
    signal: context.signal,
  };
}

/** The tree of a companion that is named on the command line. */
export function companionOption(
  { currentDirectory }: Context,
  { sage }: Pick<WorkspaceFlags, "sage">,
): Pick<SessionOptions, "companion"> {
  if (sage === undefined) return {};
  return { companion: { format: "sage", root: absolute(currentDirectory, sage) } };
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
