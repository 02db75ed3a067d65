/** Building one package: source, steps in its view, sealed stage; and afterwards its check. */
import type { Manifest, StrayLibrary } from "../core/index.ts";
import type { FilePin } from "../relocation/index.ts";
import { placeSource } from "../source/index.ts";
import { type Disk, makeDirectories } from "../world/index.ts";
import { prepareCheck } from "./check.ts";
import { entryOf, type StepEntry } from "./entry.ts";
import { buildEnvironment, programFolders } from "./environment.ts";
import type { BuildContext, BuildJob, BuildOutcome, StepFailure } from "./job.ts";
import { type Mapped, mapPlaces } from "./map-places.ts";
import { layersAtMost, makePlaces } from "./places.ts";
import { hasProgram } from "./programs.ts";
import { findSystemProgram } from "../view/index.ts";
import { makeBytecode } from "./python/bytecode.ts";
import { runStep } from "./run-step.ts";
import type { PackageBuild, StepOutcome } from "./package-build.ts";
import { type Own, sealOwn } from "./seal.ts";
import { isExplanation, settingOf, type Step } from "./step.ts";
import { findStrayLibraries } from "./stray-libraries.ts";
import { systems } from "./systems/index.ts";
import { placeShims } from "../tokens/index.ts";

/** Throws only what is wrong with the machine; a build that fails is an outcome. */
export async function buildPackage(context: BuildContext, job: BuildJob): Promise<BuildOutcome> {
  const build = startBuild(context, job);
  const ended = await performBuild(build);
  const { timings: steps, notes } = build;
  switch (ended.kind) {
    case "interrupted":
      return { kind: "interrupted" };
    case "failed":
      return { kind: "failed", steps, notes, ...ended.failure };
    case "built": {
      const { stage } = build.places;
      const { kind, ...sealed } = ended;
      return { kind, steps, notes, stage, ...sealed, ...prepareCheck(build) };
    }
  }
}

/**
 * Does what comes before a step, the first that runs a program when none is named, and says how to go
 * there. Fails like a build, also when there is no such step.
 */
export async function prepareEntry(
  context: BuildContext,
  job: BuildJob,
  name: string | undefined,
): Promise<{ kind: "ready"; entry: StepEntry } | Failed> {
  const build = startBuild(context, job);
  const made = await makeSteps(build);
  if (!("steps" in made)) return made;
  const wanted = made.steps.find((step) =>
    name === undefined ? step.kind === "program" : step.name === name,
  );
  if (wanted === undefined && name !== undefined) {
    const names = made.steps.map((step) => step.name).join(", ");
    return failedAt(name, { reason: `there is no such step, but ${names}`, hints: [] });
  }
  for (const step of made.steps) {
    if (step === (wanted ?? step)) return { kind: "ready", entry: entryOf(build, step, false) };
    const outcome = await runStep(build, step);
    if (outcome.kind !== "done") return outcome;
  }
  return failedAt("prepare", { reason: "it has no step", hints: [] });
}

type Failed = Exclude<StepOutcome, { kind: "done" }>;
type Ended = Failed | ({ kind: "built" } & Sealed);

async function performBuild(build: PackageBuild): Promise<Ended> {
  const { length } = build.places.layerNames;
  if (length > layersAtMost) {
    return failedAt("view", {
      reason: `its view would have ${length} layers, and the kernel takes at most ${layersAtMost}`,
      hints: ["Declare fewer, or build it with --isolation none."],
    });
  }
  const made = await makeSteps(build);
  if (!("steps" in made)) return made;
  const sealed: Sealed = { manifest: [], pins: [], libraries: [] };
  for (const step of [...made.steps, sealStep(build, sealed)]) {
    const outcome = await runStep(build, step);
    if (outcome.kind !== "done") return outcome;
  }
  return { kind: "built", ...sealed };
}

/** Brings the source first: the steps depend on what is in it. */
async function makeSteps(build: PackageBuild): Promise<{ steps: readonly Step[] } | Failed> {
  const placed = await runStep(build, sourceStep(build));
  if (placed.kind !== "done") return placed;
  const steps = systems[build.job.recipe.build.system](settingOf(build));
  return isExplanation(steps) ? failedAt("prepare", steps) : { steps };
}

export function startBuild(context: BuildContext, job: BuildJob): PackageBuild {
  const { disk } = context.world;
  const own = job.recipe.build.outside?.own ?? [];
  const mountPoint = job.livePrefix === undefined ? [job.prefix] : [];
  for (const folder of [...mountPoint, job.logFolder, ...own]) makeDirectories(disk, folder);
  const places = makePlaces(disk, job);
  const notes: string[] = [];
  if (findSystemProgram(disk, "setpriv") === undefined) {
    notes.push("setpriv of util-linux is missing: a killed tenon can leave processes behind");
  }
  if (job.tokens !== undefined) placeShims(disk, places, (name) => findsProgram(disk, job, name));
  const environment = buildEnvironment(job, places);
  return { context, job, places, environment, timings: [], notes };
}

function findsProgram(disk: Disk, job: BuildJob, name: string): boolean {
  const live = job.isolation.kind === "none" ? [`${job.prefix}/bin`] : [];
  return hasProgram(disk, name, {
    layers: job.layers,
    folders: [...live, ...programFolders(job)],
  });
}

export function sourceStep({ context, job, places }: PackageBuild): Step {
  return {
    kind: "act",
    name: "source",
    title: job.recipe.source === undefined ? "none" : `place the ${job.recipe.source.kind} source`,
    act: async () => {
      if (job.recipe.source === undefined) return undefined;
      await placeSource(context.sources, job.recipe, job.pin, `${places.work}/src`);
      const { directory } = job.recipe.build;
      if (context.world.disk.statusOfTarget(places.source)?.type === "directory") return undefined;
      return {
        reason: `its source has no folder ${directory}`,
        hints: ["Correct build.directory."],
      };
    },
  };
}

interface Sealed {
  manifest: Manifest;
  pins: readonly FilePin[];
  libraries: readonly StrayLibrary[];
  bytecode?: string;
}

/** Tells `sealed` what the stage holds. */
function sealStep(build: PackageBuild, sealed: Sealed): Step {
  return {
    kind: "act",
    name: "stage",
    title: "seal what it wrote into the prefix",
    act: async () => {
      const own = sealOwn(build);
      if ("reason" in own) return own;
      const { manifest, pins } = await mapOwn(build, own);
      sealed.manifest = manifest;
      sealed.pins = pins;
      sealed.libraries = findStray(build, manifest);
      const { isBuiltWith, isolation } = build.job;
      if (isBuiltWith && isolation.kind === "view") {
        const bytecode = await makeBytecode(build, manifest);
        if (bytecode !== undefined) sealed.bytecode = bytecode;
      }
      if (manifest.length === 0) build.notes.push("it put nothing into the prefix");
      return undefined;
    },
  };
}

async function mapOwn({ context, job, places }: PackageBuild, own: Own): Promise<Mapped> {
  if (job.livePrefix === undefined) return { manifest: own.manifest, pins: [] };
  const { stage, scratch } = places;
  return mapPlaces(context.world, { ...own, stage, temporary: `${scratch}/unpacked` });
}

function findStray({ context, job, places }: PackageBuild, manifest: Manifest): StrayLibrary[] {
  const { disk, machine } = context.world;
  const { prefix, stage } = places;
  const { layers, recipe } = job;
  const { architecture } = machine;
  const isWheel = recipe.build.system === "wheel";
  return findStrayLibraries({ disk, architecture, prefix, stage, manifest, layers, isWheel });
}

function failedAt(step: string, explanation: Pick<StepFailure, "reason" | "hints">): Failed {
  return { kind: "failed", failure: { step, ...explanation, logTail: [] } };
}
