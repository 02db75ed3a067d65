/** One command's hold on a workspace, its store and its prefix. */
import type { EventSink } from "../core/index.ts";
import { type PrefixLayout, resolvePrefix } from "../prefix/index.ts";
import type { LinkMode, Workspace } from "../recipe/index.ts";
import type { SourceContext } from "../source/index.ts";
import type { Store } from "../store/index.ts";
import type { World } from "../world/index.ts";
import { openWorkspace, stateFolderOf, type WorkspacePlace } from "./open-workspace.ts";
import { withNotedNeeds } from "./noted-needs.ts";
import { reportSource } from "./source-events.ts";
import { tellDamage } from "../operations/index.ts";
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
  /** Do as if the workspace named no shared cache. */
  readonly noCache?: boolean;
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
