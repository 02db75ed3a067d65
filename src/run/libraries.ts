/** What is told of libraries that a package needs and will not find, and what becomes of it then. */
import type { StrayLibrary } from "../core/index.ts";
import { recipeOf, viewOf } from "../plan/index.ts";
import type { Cause } from "./package-failure.ts";
import { findHolders, quoteForPattern } from "./providers.ts";
import { modeOf, unwanted } from "./refused-libraries.ts";
import type { Resolver } from "./resolver.ts";
import type { Session } from "../workspace/index.ts";

/** Tells of each library once; gives the cause where the package is refused. */
export function judgeLibraries(
  session: Session,
  resolver: Resolver,
  name: string,
  libraries: readonly StrayLibrary[],
): Cause | undefined {
  const { workspace, options } = session;
  const mode = modeOf(workspace, recipeOf(workspace.recipes, name));
  const strays = byLibrary(unwanted(workspace, libraries));
  if (mode === "allow" || strays.length === 0) return undefined;
  const describeOne = (stray: Stray): string => describe(session, resolver, name, stray);
  if (mode === "refuse") return refusalOf(strays, describeOne);
  for (const stray of strays.slice(0, mostTold)) {
    const { library, where } = stray;
    const [count, paths] = [stray.paths.length, stray.paths.slice(0, mostPaths)];
    const text = describeOne(stray);
    options.emit({ kind: "library", package: name, library, where, paths, count, text });
  }
  const rest = strays.length - mostTold;
  if (rest > 0)
    options.emit({
      kind: "note",
      package: name,
      text: `the same holds for ${rest} more libraries`,
    });
  return undefined;
}

const mostTold = 8;
const mostPaths = 20;
const mostInReason = 3;

/** What several files need in the same way. */
interface Stray extends Omit<StrayLibrary, "path"> {
  readonly paths: string[];
}

function byLibrary(libraries: readonly StrayLibrary[]): Stray[] {
  const found = new Map<string, Stray>();
  for (const { path, ...rest } of libraries) {
    const key = JSON.stringify([rest.library, rest.where, rest.folder]);
    const stray = found.get(key);
    if (stray === undefined) found.set(key, { ...rest, paths: [path] });
    else stray.paths.push(path);
  }
  return [...found.values()];
}

function describe(session: Session, resolver: Resolver, name: string, stray: Stray): string {
  const { library, where, folder, paths } = stray;
  const isOne = paths.length === 1;
  const subject = isOne ? paths[0] : `${paths[0]} and ${paths.length - 1} more of its files`;
  const place = `${session.layout.prefix}/${folder}`;
  if (where === "nowhere")
    return `${subject} ${isOne ? "needs" : "need"} ${library}, which neither a package in its view nor the machine has`;
  if (where === "prefix")
    return `${subject} will not find ${library}, which is in ${place}, for no rpath leads there; ${cureFor(place)}`;
  const links = `${subject} ${isOne ? "links" : "link"} the machine's ${library}`;
  if (folder?.startsWith("/")) return `${links} in ${folder}, which no package brings`;
  if (folder !== undefined)
    return `${links} instead of the one in ${place}, for no rpath leads there; ${cureFor(place)}`;
  const owner = findUndeclared(session, resolver, name, library);
  return owner === undefined
    ? `${links}, which no package brings`
    : `${links}, though ${owner} brings one: add ${owner} to depends.run`;
}

/** Flags are split at spaces, so that none of them can name a folder with one. */
function cureFor(folder: string): string {
  return /\s/.test(folder)
    ? "let its build keep LD_RUN_PATH and give no -rpath of its own, or choose a prefix without a space"
    : `let its build use LDFLAGS, or link with -Wl,-rpath,${folder}`;
}

/** A package of the workspace that has it and is not in the view. */
function findUndeclared(
  session: Session,
  resolver: Resolver,
  name: string,
  library: string,
): string | undefined {
  const { recipes } = session.workspace;
  const shown = new Set([name, ...viewOf(recipes, name)]);
  const pattern = new RegExp(`(^|/)${quoteForPattern(library)}$`);
  return findHolders(session, resolver, pattern).find(
    (each) => recipes.has(each) && !shown.has(each),
  );
}

function refusalOf(strays: readonly Stray[], describeOne: (stray: Stray) => string): Cause {
  const texts = strays.slice(0, mostInReason).map(describeOne);
  const rest = strays.length - mostInReason;
  const names = strays.map(({ library }) => JSON.stringify(library)).join(", ");
  return {
    step: "stage",
    reason: `${texts.join("; ")}${rest > 0 ? `; the same holds for ${rest} more libraries` : ""}`,
    hints: [
      "Add packages that bring them to depends.run, or have its build leave out what needs them.",
      `Where they are to be the machine's, write system-libraries = [${names}] under [check] in tenon.toml.`,
    ],
    logTail: [],
  };
}
