/** `tenon shell`: a person goes where a package is built, as its last failed build has left it. */
import { enterCommand, prepareEntry, type StepEntry } from "../builder/index.ts";
import { TenonError } from "../core/index.ts";
import { buildClosure, inOrder, recipeOf, viewOf } from "../plan/index.ts";
import { pinOf } from "../recipe/index.ts";
import { fetchSource } from "../source/index.ts";
import type { Outcome, World } from "../world/index.ts";
import { planOnSound } from "./sound-plan.ts";
import { gatherFacts } from "./facts.ts";
import {
  openKept,
  openSession,
  selectPackages,
  type Session,
  type SessionOptions,
} from "../workspace/index.ts";
import { waitForKey } from "./key-lock.ts";
import { onlineSettings, requireNetwork } from "./online-builds.ts";
import { prepareJob } from "./build-at.ts";
import type { PackageTask } from "./task.ts";
import { createResolver, findOutOfDate, type Resolver } from "./resolver.ts";
import { scratchStart } from "./scratch.ts";

export interface ShellOptions extends SessionOptions {
  readonly package: string;
  /** The failed one when absent, else the first. */
  readonly step?: string;
  /** A shell when empty. */
  readonly command: readonly string[];
  readonly isolation: "auto" | "view" | "none";
  readonly jobs: number;
  /** What kind of terminal it is, as in TERM. */
  readonly terminal: string;
  /** Called before the person is let in. */
  readonly onReady: (place: ShellPlace) => void;
}

export interface ShellPlace {
  readonly package: string;
  readonly version: string;
  readonly step: string;
  /** What the step runs; absent for what tenon does itself. */
  readonly commandLine?: string;
  /** Left by a failed build, and not placed anew. */
  readonly isKept: boolean;
}

export type ShellResult =
  | { readonly kind: "ended"; readonly outcome: Outcome }
  /** It could not be brought so far as the step. */
  | {
      readonly kind: "failed";
      readonly step: string;
      readonly reason: string;
      readonly logTail: readonly string[];
      readonly hints: readonly string[];
    }
  | { readonly kind: "interrupted" };

export async function openShell(world: World, options: ShellOptions): Promise<ShellResult> {
  const session = openSession(world, options);
  selectPackages(session, [options.package]);
  const kept = openKept(session, options.package);
  if (kept === undefined) return placeAnew(session, options);
  try {
    const isThere = options.step === undefined || options.step === kept.entry.step;
    if (isThere) {
      kept.lock.describe(`process ${world.processes.ownId} (tenon shell)`);
      return await enter(session, options, { entry: kept.entry, isKept: true });
    }
  } finally {
    kept.lock.release();
  }
  return placeAnew(session, options);
}

async function enter(
  session: Session,
  options: ShellOptions,
  { entry, isKept }: { entry: StepEntry; isKept: boolean },
): Promise<ShellResult> {
  const { world } = session;
  const recipe = recipeOf(session.workspace.recipes, options.package);
  const { step, commandLine } = entry;
  const command = enterCommand(world, entry, {
    argv: options.command,
    terminal: options.terminal,
    title: `${options.package} ${step}`,
    online: onlineSettings(session, recipe),
  });
  options.onReady({
    package: options.package,
    version: recipe.version,
    step,
    isKept,
    ...(commandLine === undefined ? {} : { commandLine }),
  });
  return { kind: "ended", outcome: await world.processes.attach(command) };
}

/** Brings source and dependencies to a place of their own, and does the steps before the wanted one. */
async function placeAnew(session: Session, options: ShellOptions): Promise<ShellResult> {
  const { world, workspace, store } = session;
  const name = options.package;
  const recipe = recipeOf(workspace.recipes, name);
  const order = inOrder(workspace.recipes, buildClosure(workspace.recipes, [name]));
  const facts = await gatherFacts(session, order, options.isolation);
  const renew = (): Resolver => createResolver(session, facts);
  const { resolver } = planOnSound(session, renew(), {
    renew,
    findOutOfDate: (each) => findOutOfDate(each, order),
    toBuild: [name],
  });
  const missing = viewOf(workspace.recipes, name).filter((need) => !resolver.artifacts.has(need));
  const resolved = resolver.resolve(name);
  if (missing.length > 0 || resolved === undefined) throw notBuilt(name, missing);
  workspace.companion?.prepare(world, session.options.emit);
  const lock = await waitForKey(session, `building ${name}`, resolved);
  const scratch = `${scratchStart(resolved.key)}-${world.clock.uniqueId()}`;
  try {
    requireNetwork(session, recipe);
    await fetchSource(session.sources, recipe, pinOf(recipe, workspace.lock));
    const folder = store.makeScratch(scratch);
    const logFolder = `${folder}/logs`;
    const { jobs } = options;
    const task: PackageTask = { session, facts, resolver, name, jobs, check: "no", logFolder };
    const { context, job } = prepareJob(task, recipe, {
      scratch: folder,
      at: resolver.placeOf(name),
    });
    const prepared = await prepareEntry(context, job, options.step);
    if (prepared.kind === "interrupted") return prepared;
    if (prepared.kind === "failed") return { kind: "failed", ...prepared.failure };
    return await enter(session, options, { entry: prepared.entry, isKept: false });
  } finally {
    store.removeScratch(scratch);
    lock.release();
  }
}

function notBuilt(name: string, missing: readonly string[]): TenonError {
  return new TenonError({
    kind: "usage",
    code: "NOT_BUILT",
    message: `${name} needs ${missing.join(", ")}, which has not been built from the current recipes`,
    hints: [`Run \`tenon build ${missing.join(" ")}\` first.`],
  });
}
