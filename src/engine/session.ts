/** One command's hold on a workspace, its store and its prefix. */
import type { EventSink } from "../core/index.ts";
import { needsRecovery, recover, removeAbandoned } from "../install/index.ts";
import { layoutOf, type PrefixLayout, resolvePrefix, tryLockPrefix } from "../prefix/index.ts";
import type { LinkMode, Workspace } from "../recipe/index.ts";
import type { SourceContext } from "../source/index.ts";
import { type EditedFile, openStore, type Store } from "../store/index.ts";
import { isDiskError, type World } from "../world/index.ts";
import { openWorkspace, prefixOf, stateFolderOf, type WorkspacePlace } from "./open-workspace.ts";
import { withNotedNeeds } from "./own-projects.ts";
import { reportSource } from "./source-events.ts";
import { describeRecovery } from "./transaction-events.ts";
import { openWorkspaceState, type WorkspaceState } from "./workspace-state.ts";

export interface SessionOptions extends WorkspacePlace {
  /** The machine's store, absolute; a workspace may name another one. */
  readonly store: string;
  /** The caller's environment; builds see almost nothing of it. */
  readonly environment: Readonly<Record<string, string>>;
  /** What the person started, for locks and the history: `tenon build`. */
  readonly activity: string;
  /** Survive a power loss. */
  readonly sync: boolean;
  readonly offline: boolean;
  /** Instead of what the workspace says. */
  readonly link?: LinkMode;
  /** The same. */
  readonly weakRenames?: boolean;
  readonly emit: EventSink;
  readonly signal?: AbortSignal;
}

export interface Session {
  readonly world: World;
  readonly options: SessionOptions;
  readonly workspace: Workspace;
  readonly store: Store;
  readonly layout: PrefixLayout;
  /** How files come from the store into the prefix. */
  readonly link: LinkMode;
  readonly state: WorkspaceState;
  readonly sources: SourceContext;
}

export function openSession(world: World, given: SessionOptions): Session {
  const state = openWorkspaceState(world, stateFolderOf(world, given));
  const workspace = withNotedNeeds(openWorkspace(world, given), state);
  const weakRenames = given.weakRenames ?? workspace.weakRenames ?? false;
  const options = { ...given, weakRenames };
  for (const text of workspace.remarks ?? []) options.emit({ kind: "note", text });
  const store = openStore(world, workspace.store ?? options.store, {
    sync: options.sync,
    onEdited: (edits) => tellEdits(options.emit, edits),
  });
  return {
    world,
    options,
    workspace,
    store,
    layout: layoutOf(resolvePrefix(world.disk, workspace.prefix)),
    link: options.link ?? workspace.link,
    state,
    sources: {
      world,
      store,
      python: workspace.python,
      environment: options.environment,
      offline: options.offline,
      report: reportSource(world, options.emit),
      pathCacheFile: state.pathDigests,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    },
  };
}

const namedEdits = 3;

/** An edit of many files, of their modes for one, is no reason for many lines. */
export function tellEdits(emit: EventSink, edits: readonly EditedFile[]): void {
  const named = edits.slice(0, namedEdits);
  for (const { prefix, package: name, path } of named) {
    const text = `${prefix}/${path} was edited in place, and with it the store's copy, which is dropped`;
    emit({ kind: "note", package: name, text });
  }
  const rest = edits.length - named.length;
  if (rest > 0) emit({ kind: "note", text: `so were ${rest} more of its files` });
}

/** The prefix that a command works on which needs no recipes: `--prefix`, else the workspace's. */
export function openPrefix(
  world: World,
  options: WorkspacePlace & Pick<SessionOptions, "emit" | "activity">,
): PrefixLayout {
  const layout = locatePrefix(world, options);
  recoverIfNeeded(world, layout, options);
  return layout;
}

/** Like `openPrefix`, but leaves an unfinished transaction as it is. */
export function locatePrefix(world: World, options: WorkspacePlace): PrefixLayout {
  return layoutOf(resolvePrefix(world.disk, prefixOf(world, options)));
}

/** Whichever command comes next finishes what a dead one left (I2), and says so. */
export function recoverIfNeeded(
  world: World,
  layout: PrefixLayout,
  options: Pick<SessionOptions, "emit" | "activity">,
): void {
  try {
    if (!needsRecovery(world, layout)) return;
    const lock = tryLockPrefix(world, layout, options.activity);
    if (lock === undefined) return; // its transaction is running, not dead
    try {
      const recovery = recover(world, layout, { sync: true });
      if (recovery !== undefined)
        options.emit({ kind: "recovered", text: describeRecovery(recovery) });
      for (const text of removeAbandoned(world, layout)) options.emit({ kind: "recovered", text });
    } finally {
      lock.release();
    }
  } catch (error) {
    if (!isDiskError(error, "EACCES", "EROFS", "EPERM")) throw error;
    options.emit({
      kind: "note",
      text: `the prefix ${layout.prefix} has an unfinished transaction that you may not finish: ${error.message}`,
    });
  }
}
