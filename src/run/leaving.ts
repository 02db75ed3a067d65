/**
 * What leaves a prefix with a build, so that it holds what the workspace's recipes say and no more. A build
 * takes out only what builds of this workspace have put there and no other workspace wants: what somebody
 * has installed, and what a package needs that stays, is never touched.
 */
import { compareText, showNames } from "../core/index.ts";
import type { Wishes } from "../install/index.ts";
import type { RecordHead } from "../prefix/index.ts";
import { pythonVenvName, type Recipe } from "../recipe/index.ts";
import type { Session } from "../workspace/index.ts";

export interface LeavingPackage {
  readonly name: string;
  readonly version: string;
  /** `not-needed`: it has a recipe, but nobody asked for it, and nothing needs it any more. */
  readonly because: "no-recipe" | "not-needed";
}

export interface Leaving {
  readonly packages: readonly LeavingPackage[];
  /** What this workspace wants no more, and others do. */
  readonly released: readonly string[];
  /** What no recipe wants, but a package that stays needs. */
  readonly held: readonly { readonly name: string; readonly by: string }[];
}

export const nothingLeaves: Leaving = { packages: [], released: [], held: [] };

export interface LeavingQuestion {
  /** By name. */
  readonly records: ReadonlyMap<string, RecordHead>;
  readonly recipes: ReadonlyMap<string, Recipe>;
  /** What the prefix is to hold for this workspace. */
  readonly wanted: ReadonlySet<string>;
  /** The folder of the workspace. */
  readonly workspace: string;
  /** Whether this workspace has built what a record of an earlier tenon describes. */
  readonly hasBuilt: (record: RecordHead) => boolean;
}

export function decideLeaving(question: LeavingQuestion): Leaving {
  const { records, recipes, wanted, workspace } = question;
  const unwanted = [...records.values()].filter(
    (record) => !wanted.has(record.name) && wishersOf(question, record).includes(workspace),
  );
  const mine = unwanted.filter((record) => wishersOf(question, record).length === 1);
  const needed = neededByOthers(question, new Set(mine.map(({ name }) => name)));
  return {
    packages: mine
      .filter(({ name }) => !needed.has(name))
      .map(({ name, version }) => ({
        name,
        version,
        because: recipes.has(name) || name === pythonVenvName ? "not-needed" : "no-recipe",
      })),
    released: unwanted.filter((record) => !mine.includes(record)).map(({ name }) => name),
    held: [...needed].map(([name, by]) => ({ name, by })),
  };
}

/** The workspaces that want a package; none for what somebody has installed. */
function wishersOf(
  { workspace, hasBuilt }: Pick<LeavingQuestion, "workspace" | "hasBuilt">,
  record: RecordHead,
): readonly string[] {
  return record.workspaces ?? (hasBuilt(record) ? [workspace] : []);
}

/** Of the candidates, those that a package which stays needs, itself or by way of others; each with one of these. */
function neededByOthers(
  { records, wanted }: LeavingQuestion,
  candidates: ReadonlySet<string>,
): Map<string, string> {
  const needed = new Map<string, string>();
  // What is wanted needs nothing but what is wanted; its record may be that of an older version.
  const open = [...records.keys()].filter((name) => !candidates.has(name) && !wanted.has(name));
  for (const by of open) {
    for (const need of records.get(by)?.depends ?? []) {
      if (!candidates.has(need) || needed.has(need)) continue;
      needed.set(need, by);
      open.push(need);
    }
  }
  return new Map([...needed].sort(([a], [b]) => compareText(a, b)));
}

/** By name, as the prefix is recorded. */
export type Records = ReadonlyMap<string, RecordHead>;

/** `wanted` is what the prefix is to hold for this workspace. */
export function findLeaving(
  session: Session,
  records: Records,
  wanted: readonly string[],
): Leaving {
  const { workspace, state } = session;
  return decideLeaving({
    records,
    recipes: workspace.recipes,
    wanted: new Set(wanted),
    workspace: workspaceOf(session),
    hasBuilt: ({ name, key, artifact }) =>
      key !== undefined && state.lastBuild(name)?.artifact === artifact,
  });
}

/** What a build of this workspace is recorded to want: undefined where a companion keeps books of its own. */
export function wishesOf(
  session: Session,
  records: Records,
  { names, leaving }: { readonly names: readonly string[]; readonly leaving: Leaving },
): Wishes | undefined {
  if (session.workspace.companion !== undefined) return undefined;
  const workspace = workspaceOf(session);
  const wanted = names.filter((name) => {
    const workspaces = records.get(name)?.workspaces;
    return workspaces !== undefined && !workspaces.includes(workspace);
  });
  return { workspace, wanted, unwanted: leaving.released };
}

/** By its real path, however it was named. */
function workspaceOf({ world, workspace }: Session): string {
  return world.disk.realPath(workspace.directory);
}

/** Told before anything is built. */
export function tellLeaving({ options }: Session, { packages, held }: Leaving): void {
  const texts = (["no-recipe", "not-needed"] as const).flatMap((because) => {
    const its = packages.filter((each) => each.because === because);
    const names = its.map(({ name, version }) => `${name} ${version}`);
    return its.length === 0 ? [] : [`${showNames(names)} (${why[because]})`];
  });
  if (texts.length > 0) {
    options.emit({
      kind: "note",
      text: `this build removes from the prefix ${texts.join(", and ")}`,
    });
  }
  for (const { name, by } of held) {
    const text = `it stays in the prefix, although no recipe wants it: ${by} needs it`;
    options.emit({ kind: "note", package: name, text });
  }
}

const why = { "no-recipe": "it has no recipe", "not-needed": "no package needs it" };
