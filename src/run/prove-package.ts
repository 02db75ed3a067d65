/** The builds and the check that prove one package; see `prove.ts`. */
import { buildPackage, checkElsewhere, type CheckOutcome } from "../builder/index.ts";
import type { Digest, Manifest } from "../core/index.ts";
import { checkViewOf, recipeOf, viewOf } from "../plan/index.ts";
import { pinOf, type Recipe } from "../recipe/index.ts";
import {
  compareTwins,
  type FilePin,
  filePinFor,
  placeholder,
  type TwinComparison,
  twin,
} from "../relocation/index.ts";
import { fetchSource } from "../source/index.ts";
import type { CheckVerdict, Verdict } from "../store/index.ts";
import { layersOf, prepareJob, relocatedLayer } from "./build-at.ts";
import { requireNetwork } from "./online-builds.ts";
import { scratchStart } from "./scratch.ts";
import type { PackageTask } from "./task.ts";

/** A build that went well at the placeholder did not elsewhere. */
export interface Unproved {
  readonly kind: "unproved";
  readonly step: string;
  readonly reason: string;
  readonly hints: readonly string[];
  readonly logTail: readonly string[];
}

interface BuiltBefore {
  readonly key: Digest;
  readonly artifact: Digest;
}

/** Shorter than any prefix that a person has, and on no disk. */
const shortPlace = "/tenon-at";

/** Undefined when it was interrupted. What it needs is in the store; the lock of its key is held. */
export async function proveBuilt(
  task: PackageTask,
  before: BuiltBefore,
): Promise<Verdict | Unproved | undefined> {
  const { session, name } = task;
  const recipe = recipeOf(session.workspace.recipes, name);
  requireNetwork(session, recipe);
  await fetchSource(session.sources, recipe, pinOf(recipe, session.workspace.lock));
  const atTwin = await compareAnew(task, { recipe, before, at: "twin" });
  if (atTwin === undefined || "kind" in atTwin) return atTwin;
  const again =
    atTwin.pins.length === 0
      ? { pins: [], buildIds: 0 }
      : await compareAnew(task, { recipe, before, at: "placeholder" });
  if (again === undefined || "kind" in again) return again;
  const unsteady = new Set(again.pins.map(({ path }) => path));
  const pins = atTwin.pins.filter(({ path }) => !unsteady.has(path));
  if (pins.length > 0) return { kind: "pinned", pins };
  const checked = await checkShorter(task, recipe, before);
  if (checked === undefined) return undefined;
  if (typeof checked !== "string") return { kind: "pinned", pins: [checked] };
  return unsteady.size > 0
    ? { kind: "unsteady", pins: again.pins, check: checked }
    : { kind: "proved", buildIds: atTwin.buildIds, check: checked };
}

interface Anew {
  readonly recipe: Recipe;
  readonly before: BuiltBefore;
  readonly at: "twin" | "placeholder";
}

function compareAnew(
  task: PackageTask,
  { recipe, before, at }: Anew,
): Promise<TwinComparison | Unproved | undefined> {
  const { session } = task;
  const { store, world } = session;
  return inScratch(task, before, async (scratch) => {
    const elsewhere = at === "twin" ? twin : placeholder;
    const place = { scratch, at: "placeholder", elsewhere } as const;
    const { context, job } = prepareJob({ ...task, logFolder: `${scratch}/logs` }, recipe, place);
    const built = await buildPackage(context, job);
    if (built.kind === "interrupted") return undefined;
    if (built.kind === "failed") {
      const { step, reason, hints, logTail } = built;
      return { kind: "unproved", step: `${step} at the ${at}`, reason, hints, logTail };
    }
    const trees = [store.layout.artifactTree(before.artifact), built.stage] as const;
    const manifests: readonly [Manifest, Manifest] = [
      store.manifestOf(before.artifact),
      built.manifest,
    ];
    const [first, second] = manifests;
    const read = (path: string) => {
      const [here, there] = trees.map((tree) => world.disk.readFile(`${tree}/${path}`));
      return { first: here ?? new Uint8Array(), second: there ?? new Uint8Array() };
    };
    return compareTwins({ first, second }, read, at);
  });
}

/** Undefined when it was interrupted; a pin where the relocated files fail. */
async function checkShorter(
  task: PackageTask,
  recipe: Recipe,
  before: BuiltBefore,
): Promise<CheckVerdict | FilePin | undefined> {
  const script = recipe.check;
  if (script === undefined) return "none";
  const { recipes } = task.session.workspace;
  const needs = [...viewOf(recipes, task.name), ...checkViewOf(recipes, task.name)];
  if (needs.some((need) => task.resolver.pinsOf(need).length > 0)) return "pinned-need";
  const shorter = await checkAt(task, { recipe, script, before, elsewhere: shortPlace });
  const { outcome, calls } = shorter;
  if (outcome.kind === "interrupted") return undefined;
  const opened = calls
    ?.split("\n")
    .find((line) => line.includes(placeholder) || line.includes(twin));
  if (opened !== undefined)
    return filePinFor("opened", { path: "its check", where: sayCall(opened) });
  if (outcome.kind === "passed") return calls === undefined ? "unwatched" : "passed";
  // It may be that it needs what the build has made in its own folder.
  const unmoved = await checkAt(task, { recipe, script, before, elsewhere: placeholder });
  if (unmoved.outcome.kind === "interrupted") return undefined;
  if (unmoved.outcome.kind === "failed") return "needs-build";
  return filePinFor("check", { path: "its check", where: outcome.reason });
}

/** Of `123 openat(AT_FDCWD, "/…/etc/x.conf", O_RDONLY) = -1 ENOENT`, the call and the path. */
function sayCall(line: string): string {
  const [, call = "", path = ""] = /^\d+\s+(\w+)\(.*?"([^"]*)"/.exec(line) ?? [];
  return `${call} ${path.replace(placeholder, "$PREFIX").replace(twin, "$PREFIX")}`;
}

interface CheckPlace {
  readonly recipe: Recipe;
  readonly script: string;
  readonly before: BuiltBefore;
  readonly elsewhere: string;
}

function checkAt(
  task: PackageTask,
  { recipe, script, before, elsewhere }: CheckPlace,
): Promise<{ readonly outcome: CheckOutcome; readonly calls?: string }> {
  const { session, name } = task;
  const { artifact } = before;
  return inScratch(task, before, (scratch) => {
    const place = { scratch, at: "placeholder", elsewhere } as const;
    const { context, job } = prepareJob({ ...task, logFolder: `${scratch}/logs` }, recipe, place);
    const own = relocatedLayer(session, { package: name, artifact }, elsewhere);
    const besides = layersOf(task, checkViewOf(session.workspace.recipes, name), place);
    const layers = [own, ...besides, ...job.layers];
    return checkElsewhere(context, { ...job, layers }, { stage: own.tree, script });
  });
}

async function inScratch<Result>(
  { session }: PackageTask,
  { key }: BuiltBefore,
  act: (scratch: string) => Promise<Result>,
): Promise<Result> {
  const { store, world } = session;
  const scratch = `${scratchStart(key)}-${world.clock.uniqueId()}`;
  try {
    return await act(store.makeScratch(scratch));
  } finally {
    store.removeScratch(scratch);
  }
}
