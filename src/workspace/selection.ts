/** Which packages of a workspace a command is about. */
import type { Isolation } from "../view/index.ts";
import { nearestOf, TenonError } from "../core/index.ts";
import { rootsOf, type Workspace } from "../recipe/index.ts";
import { readRecordHeads } from "../prefix/index.ts";
import { findUnadopted } from "./unadopted.ts";
import type { Session } from "./session.ts";

/** The named ones, each once; all when none is named. Throws for a name without a recipe. */
export function selectPackages(session: Session, names: readonly string[]): string[] {
  const known = [...session.workspace.recipes.keys()];
  for (const name of names) {
    if (session.workspace.recipes.has(name)) continue;
    throw new TenonError({
      kind: "usage",
      code: "UNKNOWN_PACKAGE",
      message: `no recipe in ${session.workspace.directory} is called ${name}`,
      hints: nearestOf(name, known),
    });
  }
  return names.length === 0 ? known : [...new Set(names)];
}

/** Packages that a command is about beside the named ones. */
export type Selection =
  /** All that a companion counts as its standard ones. */
  | "standard"
  /** All that are in the prefix. */
  | "installed";

interface WantedPackages {
  readonly packages: readonly string[];
  readonly choice?: Selection;
}

/** The named and chosen ones; what the workspace is usually built for when there is neither. */
export function selectWanted(session: Session, { packages, choice }: WantedPackages): string[] {
  const named = packages.length === 0 ? [] : selectPackages(session, packages);
  if (choice !== undefined) return [...new Set([...named, ...chosen(session, choice)])];
  if (packages.length > 0) return named;
  const { companion, recipes } = session.workspace;
  return companion === undefined ? rootsOf(recipes) : selectPackages(session, companion.usual);
}

function chosen(session: Session, choice: Selection): readonly string[] {
  const { workspace, world, layout } = session;
  const { recipes, companion, directory } = workspace;
  if (choice === "installed") {
    const recorded = readRecordHeads(world.disk, layout).keys();
    const names = [...recorded, ...findUnadopted(session).map(({ name }) => name)];
    return names.filter((name) => recipes.has(name));
  }
  if (companion !== undefined) return companion.standard;
  throw new TenonError({
    kind: "usage",
    code: "NO_STANDARD",
    message: `${directory} is a workspace of recipes, none of which is a standard package`,
    hints: ["Leave --standard out: without a name, all packages are built."],
  });
}

/** Throws for a workspace that can only be looked at. */
export function requireReady({ directory, companion }: Workspace): void {
  if (companion?.notReady === undefined) return;
  throw new TenonError({
    kind: "usage",
    code: "NOT_READY",
    message: `nothing can be built of ${directory}: ${companion.notReady}`,
    hints: ["`tenon build --dry-run` and `tenon graph` work as it is."],
  });
}

/** Throws one error for all of these packages that cannot be built at all. */
export function requireBuildable({ companion }: Workspace, order: readonly string[]): void {
  const refused = order.flatMap((name) => {
    const refusal = companion?.packages.get(name)?.refusal?.();
    return refusal === undefined ? [] : [{ name, ...refusal }];
  });
  if (refused.length === 0) return;
  throw new TenonError({
    kind: "recipe",
    code: "NOT_BUILT",
    message: refused.map(({ name, reason }) => `${name} cannot be built: ${reason}`),
    hints: [...new Set(refused.map(({ hint }) => hint))],
  });
}

/** The scripts of a companion write into its prefix: only in a view is that caught. */
export function requireViews({ companion }: Workspace, isolation: Isolation): void {
  if (companion === undefined || isolation.kind === "view") return;
  throw new TenonError({
    kind: "machine",
    code: "NO_VIEWS",
    message: `the packages of ${companion.root} are built in views only, and there are none: ${isolation.reason}`,
    hints: ["Leave --isolation out, or allow user namespaces on this machine."],
  });
}
