/**
 * What a worker does with an action: it builds as the client would have done, and lays the results down where the client
 * looks for them.
 */
import {
  type BuildContext,
  type BuildJob,
  type BuildOutcome,
  buildPackage,
  type CheckOutcome,
  type Layer,
} from "../builder/index.ts";
import { type EventBody, type EventSink, nameOf, TenonError } from "../core/index.ts";
import { placeholder } from "../relocation/index.ts";
import { adoptSource, type SourceContext } from "../source/index.ts";
import { packArtifact, type Store, unpackArtifact } from "../store/index.ts";
import { openTrustedStore } from "../trust/index.ts";
import { createTokenPool, ownTokens, type PackageTokens } from "../tokens/index.ts";
import { exists, makeDirectories, type World } from "../world/index.ts";
import { type ActionLayer, blobPath, type BuildAction, packOf, readAction } from "./action.ts";
import {
  checkFile,
  eventsFile,
  logsFolder,
  outcomeFile,
  packFile,
  type PlainFailure,
  writeResult,
} from "./outcome.ts";
import { type FitWorker, lookAtWorker } from "./worker.ts";

export interface ExecuteOptions {
  /** Absolute: the action's folder, that of the blobs, and that of its results, which is made when it is missing. */
  readonly action: string;
  readonly blobs: string;
  readonly results: string;
  /** The worker's own, absolute, which it may keep from one action to the next. */
  readonly store: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What builds do not see besides the blobs. */
  readonly hidden?: readonly string[];
  readonly signal?: AbortSignal;
}

export type Executed = "built" | "failed" | "check-failed" | "ready" | "refused" | "interrupted";

/** Throws what is wrong with the machine or with the action. */
export async function executeAction(world: World, options: ExecuteOptions): Promise<Executed> {
  const { results, environment } = options;
  const action = readAction(world.disk, options.action);
  const store = openTrustedStore(world, { environment }, options.store, { sync: false });
  makeDirectories(world.disk, `${results}/${logsFolder}`);
  const scratch = `action-${world.clock.uniqueId()}`;
  const folder = store.makeScratch(scratch);
  const host = world.machine.hostName;
  try {
    const worker = await lookAtWorker(world, action, folder);
    if (!("isolation" in worker)) {
      writeResult(world, results, outcomeFile, { host, kind: "refused", reasons: worker });
      return "refused";
    }
    if (action.kind === "build")
      return await performBuild({ world, options, store, action, worker, folder, host });
    writeResult(world, results, outcomeFile, { host, kind: "ready" });
    return "ready";
  } finally {
    store.removeScratch(scratch);
  }
}

interface Execution {
  readonly world: World;
  readonly options: ExecuteOptions;
  readonly store: Store;
  readonly action: BuildAction;
  readonly worker: FitWorker;
  readonly folder: string;
  readonly host: string;
}

async function performBuild(execution: Execution): Promise<Executed> {
  const { world, options, action, host } = execution;
  const { results } = options;
  const emit = eventFile(world, results);
  const tokens = await admit(world, action, emit);
  try {
    const { context, job } = await prepare(execution, emit, tokens);
    const outcome = await buildPackage(context, job);
    if (outcome.kind === "interrupted") return "interrupted";
    const { steps, notes } = outcome;
    if (outcome.kind === "failed") {
      const failure = plain(outcome);
      writeResult(world, results, outcomeFile, { host, kind: "failed", failure, steps, notes });
      return "failed";
    }
    return await finish(execution, { ...outcome, tokens });
  } finally {
    tokens.leave();
  }
}

type Built = Extract<BuildOutcome, { kind: "built" }>;

async function finish(
  { world, options, store, action, host }: Execution,
  { tokens, ...built }: Built & { readonly tokens: PackageTokens },
): Promise<Executed> {
  const { results } = options;
  const { stage: tree, manifest, bytecode, pins, libraries, steps, notes } = built;
  const artifact = await store.addArtifactAside({
    tree,
    manifest,
    ...(bytecode === undefined ? {} : { bytecode }),
  });
  await writePack(world, store, { artifact, file: `${results}/${packFile}` });
  writeResult(world, results, outcomeFile, {
    host,
    kind: "built",
    artifact,
    pins,
    libraries,
    steps,
    notes,
  });
  if (built.check === undefined) return "built";
  const besides = await takeLayers(
    world,
    { store, blobs: options.blobs },
    action.checkLayers ?? [],
  );
  const checked = await built.check(store.layout.artifactTree(artifact), { tokens, besides });
  if (checked.kind === "interrupted") return "interrupted";
  writeResult(world, results, checkFile, plainCheck(checked));
  return checked.kind === "passed" ? "built" : "check-failed";
}

/** The file appears whole. */
export async function writePack(
  world: World,
  store: Store,
  { artifact, file }: { readonly artifact: string; readonly file: string },
): Promise<void> {
  const temporary = `${file}.${world.clock.uniqueId()}`;
  const writer = world.disk.openWriter(temporary);
  try {
    for await (const piece of packArtifact(world, store, { artifact })) writer.write(piece);
  } finally {
    writer.close();
  }
  world.disk.rename(temporary, file);
}

async function prepare(
  { world, options, store, action, worker, folder }: Execution,
  emit: EventSink,
  tokens: PackageTokens,
): Promise<{ context: BuildContext; job: BuildJob }> {
  const { blobs, results, environment, hidden = [], signal } = options;
  const { checkLayers, jobs, isBuiltWith, path, workspaceEnv, pin } = action;
  const sources: SourceContext = {
    world,
    store,
    python: "python3",
    environment,
    offline: true,
    ...(signal === undefined ? {} : { signal }),
  };
  const layers = await takeLayers(world, { store, blobs }, action.layers);
  const recipe = await takeSource(sources, action, { blobs, folder });
  const scratch = `${folder}/build`;
  world.disk.makeDirectory(scratch);
  const job: BuildJob = {
    recipe,
    ...(pin === undefined ? {} : { pin }),
    scratch,
    prefix: placeholder,
    livePrefix: `${folder}/no-prefix`,
    layers,
    layerLinks: store.layout.layers,
    jobs,
    tokens,
    logFolder: `${results}/${logsFolder}`,
    isBuiltWith,
    check: checkLayers !== undefined,
    ...(signal === undefined ? {} : { signal }),
    isolation: worker.isolation,
    store: store.layout.root,
    hidden: [options.action, blobs, results, ...hidden],
    python: worker.python,
    path,
    workspaceEnv,
  };
  return { context: { world, sources, emit }, job };
}

async function takeSource(
  sources: SourceContext,
  { recipe, pin, source, patches }: BuildAction,
  { blobs, folder }: { readonly blobs: string; readonly folder: string },
): Promise<BuildAction["recipe"]> {
  const { disk } = sources.world;
  disk.makeDirectory(`${folder}/patches`);
  const files = patches.map(({ name, sha256 }, index) => {
    const file = `${folder}/patches/${index + 1}-${nameOf(name)}`;
    disk.copyFile(blobPath(blobs, sha256), file);
    if (disk.digestFile(file) !== sha256) throw damaged(blobPath(blobs, sha256));
    return file;
  });
  const patched = { ...recipe, patches: files };
  if (source === undefined) return patched;
  disk.makeDirectory(`${folder}/local`);
  return adoptSource(
    sources,
    { recipe: patched, pin, packed: source },
    { fileOf: (sha256) => blobPath(blobs, sha256), folder: `${folder}/local` },
  );
}

function damaged(file: string): TenonError {
  return new TenonError({
    kind: "source",
    code: "SOURCE_DAMAGED",
    message: `${file} was damaged on its way`,
    hints: ["Remove it, and run the command again."],
  });
}

/** What the store has already is not unpacked once more. */
async function takeLayers(
  world: World,
  { store, blobs }: { readonly store: Store; readonly blobs: string },
  layers: readonly ActionLayer[],
): Promise<Layer[]> {
  const taken: Layer[] = [];
  for (const { package: name, artifact } of layers) {
    if (!store.isAsBuilt(artifact))
      await takeResultPack(world, store, packOf(blobs, artifact), artifact);
    const bytecode = store.layout.artifactBytecode(artifact);
    taken.push({
      package: name,
      tree: store.layout.artifactTree(artifact),
      manifest: store.manifestOf(artifact),
      ...(exists(world.disk, bytecode) ? { bytecode } : {}),
    });
  }
  return taken;
}

/** Unpacks a packed artifact into the store; throws where it is not what its name says. */
export async function takeResultPack(
  world: World,
  store: Store,
  file: string,
  artifact: string,
): Promise<void> {
  await unpackArtifact(world, store, { name: file, bytes: piecesOf(world, file), artifact });
}

async function* piecesOf({ disk }: World, file: string): AsyncGenerator<Uint8Array, void> {
  for (const piece of disk.readChunks(file)) yield Uint8Array.from(piece);
}

function admit(world: World, action: BuildAction, emit: EventSink): Promise<PackageTokens> {
  const { jobs, recipe } = action;
  const pool = createTokenPool({
    source: ownTokens(jobs),
    jobs,
    processes: world.processes,
    clock: world.clock,
    onHeld: (name, held) => emit({ kind: "tokens", package: name, held }),
    onLost: () => {},
  });
  return pool.admit(recipe.name);
}

/** Events go to a file as they happen; a log is named by its file alone. */
function eventFile({ disk, clock }: World, results: string): EventSink {
  return (event: EventBody) => {
    const told =
      event.kind === "step-started" ? { ...event, logFile: nameOf(event.logFile) } : event;
    const writer = disk.openWriter(`${results}/${eventsFile}`, { append: true });
    writer.write(Buffer.from(`${JSON.stringify({ atMs: clock.now(), ...told })}\n`));
    writer.close();
  };
}

function plain(failed: Extract<BuildOutcome, { kind: "failed" }>): PlainFailure {
  const { kind: _kind, steps: _steps, notes: _notes, askAgain: _askAgain, ...failure } = failed;
  return withLogName(failure);
}

function plainCheck(checked: Exclude<CheckOutcome, { kind: "interrupted" }>) {
  if (checked.kind === "passed") return checked;
  const { kind, steps, askAgain: _askAgain, ...failure } = checked;
  return { kind, steps, failure: withLogName(failure) };
}

function withLogName(failure: PlainFailure): PlainFailure {
  const { logFile } = failure;
  return logFile === undefined ? failure : { ...failure, logFile: nameOf(logFile) };
}
