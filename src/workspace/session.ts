/** One command's hold on a workspace, its store and its prefix. */
import { type EventSink, shellWord } from "../core/index.ts";
import {
  hasLeftovers,
  isRecoveryDue,
  journalDamage,
  recover,
  removeAbandoned,
} from "../install/index.ts";
import { type PrefixLayout, resolvePrefix, tryLockPrefix } from "../prefix/index.ts";
import type { LinkMode, Workspace } from "../recipe/index.ts";
import type { SourceContext } from "../source/index.ts";
import type { Store } from "../store/index.ts";
import { isDiskError, type World } from "../world/index.ts";
import { activatedPrefix } from "./activated.ts";
import {
  allowsWeakRenames,
  locateWorkspace,
  noPrefix,
  openWorkspace,
  prefixOf,
  stateFolderOf,
  type WorkspacePlace,
} from "./open-workspace.ts";
import { withNotedNeeds } from "./noted-needs.ts";
import { reportSource } from "./source-events.ts";
import { describeRecovery, type OpenPrefix, tellDamage } from "../operations/index.ts";
import { bookkeeper } from "./bookkeeper.ts";
import { openPrefixLayout, openTrustedStore } from "../trust/index.ts";
import { openWorkspaceState, type WorkspaceState } from "./workspace-state.ts";

export interface SessionOptions extends WorkspacePlace {
  /**
   * The machine's store, absolute, where something names one; a workspace may name another one. What
   * needs none works without.
   */
  readonly store: string | undefined;
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
  /** Refuse where another process is changing the prefix, instead of waiting. */
  readonly noWait?: boolean;
  /** Change nothing. */
  readonly dryRun?: boolean;
  readonly emit: EventSink;
  readonly signal?: AbortSignal;
}

export interface Session {
  readonly world: World;
  readonly options: SessionOptions;
  readonly workspace: Workspace;
  /** Opened, and made, when it is first asked for. */
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
  for (const text of workspace.companion?.remarks ?? []) options.emit({ kind: "note", text });
  let opened: Store | undefined;
  const store = (): Store =>
    (opened ??= openTrustedStore(world, options, workspace.store ?? options.store, {
      sync: options.sync,
      onDamage: (files) => tellDamage(options.emit, files),
    }));
  return {
    world,
    options,
    workspace,
    get store() {
      return store();
    },
    layout: openPrefixLayout(world, options, resolvePrefix(world.disk, workspace.prefix)),
    link: options.link ?? workspace.link,
    state,
    sources: {
      world,
      get store() {
        return store();
      },
      python: workspace.python,
      environment: options.environment,
      offline: options.offline,
      report: reportSource(world, options.emit),
      pathCacheFile: state.pathDigests,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    },
  };
}

/**
 * The prefix that a command changes which needs no recipes: `--prefix`, else the workspace's, else the
 * activated one. What a dead command has left there is ended first, unless that is the command's own
 * affair.
 */
export function openPrefix(
  world: World,
  given: SessionOptions,
  { leavesLeftovers = false }: { readonly leavesLeftovers?: boolean | undefined } = {},
): OpenPrefix & SessionOptions {
  const options = withPrefix(world, given);
  if (options.prefix !== given.prefix) {
    options.emit({ kind: "note", text: `the prefix is ${options.prefix}, which is activated` });
  }
  const weakRenames = options.weakRenames ?? allowsWeakRenames(world, options);
  const layout = locatePrefix(world, options);
  if (options.dryRun) remarkRecovery(world, layout, options);
  else if (!leavesLeftovers) recoverIfNeeded(world, layout, options);
  const onChanged = bookkeeper(world, options);
  return { ...options, weakRenames, onChanged, world, layout };
}

type SessionPlace = WorkspacePlace & Pick<SessionOptions, "emit">;

/** The prefix that a command only looks at: nothing in it is changed. */
export function lookAtPrefix(world: World, options: SessionPlace): PrefixLayout {
  const layout = locatePrefix(world, options);
  remarkRecovery(world, layout, options);
  return layout;
}

/** The prefix as it is; nothing is said of an unfinished transaction. */
export function locatePrefix(world: World, given: WorkspacePlace): PrefixLayout {
  const options = withPrefix(world, given);
  return openPrefixLayout(world, options, resolvePrefix(world.disk, prefixOf(world, options)));
}

/** With the activated prefix, where neither a prefix nor a workspace is named or found. */
function withPrefix<Place extends WorkspacePlace>(world: World, place: Place): Place {
  if (place.prefix !== undefined || locateWorkspace(world, place) !== undefined) return place;
  const prefix = activatedPrefix(place.environment);
  if (prefix === undefined) throw noPrefix(place.directory);
  return { ...place, prefix };
}

/** Records change by renames, so what is on record is a good answer, as far as the steps have come. */
export function remarkRecovery(
  world: World,
  layout: PrefixLayout,
  { emit }: Pick<SessionOptions, "emit">,
): void {
  if (!isRecoveryDue(world, layout)) return;
  const damage = journalDamage(world.disk, layout);
  if (damage !== undefined) return emit({ kind: "note", text: damage });
  const command = `tenon recover --prefix ${shellWord(layout.prefix)}`;
  emit({
    kind: "note",
    text: `the prefix ${layout.prefix} has an unfinished transaction, and is shown as it is now: unless a tenon is at work there, \`${command}\` ends it`,
  });
}

/** Whichever command changes the prefix next finishes what a dead one left (I2), and says so. */
export function recoverIfNeeded(
  world: World,
  layout: PrefixLayout,
  options: Pick<SessionOptions, "emit" | "activity">,
): void {
  try {
    if (hasLeftovers(world, layout)) endLeftovers(world, layout, options);
  } catch (error) {
    if (!isDiskError(error, "EACCES", "EROFS", "EPERM")) throw error;
    options.emit({
      kind: "note",
      text: `the prefix ${layout.prefix} has an unfinished transaction that you may not finish: ${error.message}`,
    });
  }
}

function endLeftovers(
  world: World,
  layout: PrefixLayout,
  { activity, emit }: Pick<SessionOptions, "emit" | "activity">,
): void {
  const lock = tryLockPrefix(world, layout, activity);
  if (lock === undefined) return; // its transaction is running, not dead
  try {
    const recovery = recover(world, layout, { sync: true });
    if (recovery !== undefined) emit({ kind: "recovered", text: describeRecovery(recovery) });
    const { givenBack, kept } = removeAbandoned(world, layout);
    for (const text of givenBack) emit({ kind: "recovered", text });
    for (const text of kept) emit({ kind: "note", text });
  } finally {
    lock.release();
  }
}
