/** What tenon remembers beside `tenon.toml`, in `.tenon/`: logs, and what was built last. */
import { type Digest, hasNameForm, isDigest } from "../core/index.ts";
import type { Isolation } from "../view/index.ts";
import type { Input } from "../plan/index.ts";
import { checkFolder, readOwnFile } from "../prefix/index.ts";
import { type Disk, exists, makeDirectories, type World, writeAtomically } from "../world/index.ts";

/** How a package was built the last time in this workspace. */
export interface LastBuild {
  readonly key: Digest;
  readonly artifact: Digest;
  readonly inputs: readonly Input[];
}

/** A view with all that it can have. */
export type BestView = Isolation & { readonly kind: "view"; readonly root: true };

export interface WorkspaceState {
  readonly pathDigests: string;
  /** One line for each failure of earlier runs. */
  readonly failures: string;
  /** The file of recorded durations. */
  readonly durations: string;
  /** The folder that says what failed builds have left where. */
  readonly kept: string;
  /** The folder of the runs. */
  readonly runs: string;
  lastBuild(name: string): LastBuild | undefined;
  recordBuild(name: string, build: LastBuild): void;
  /** What a package was seen to need besides what its recipe says. */
  notedNeeds(name: string): readonly string[];
  noteNeeds(name: string, needs: readonly string[]): void;
  /** What the machine gave when it was last asked; undefined where that was less. */
  bestView(): BestView | undefined;
  recordBestView(view: BestView | undefined): void;
}

export function openWorkspaceState(world: World, root: string): WorkspaceState {
  const { disk } = world;
  const built = `${root}/built`;
  const needed = `${root}/needs`;
  // A link could lead anywhere: what is old in there is removed.
  for (const folder of [root, built, needed, `${root}/kept`, `${root}/runs`]) {
    checkFolder(disk, {}, folder);
  }
  const read = (file: string): unknown => {
    const text = readRemembered(disk, file);
    try {
      return text === undefined ? undefined : JSON.parse(text);
    } catch {
      return undefined; // it only serves to explain, or is found out again
    }
  };
  const write = (folder: string, name: string, value: unknown): void => {
    if (!exists(disk, folder)) makeDirectories(disk, folder);
    writeAtomically(disk, `${folder}/${name}.json`, `${JSON.stringify(value, null, 1)}\n`, {
      temporary: `${folder}/.${world.clock.uniqueId()}`,
      durable: false,
    });
  };
  return {
    pathDigests: `${root}/path-digests.json`,
    failures: `${root}/failures.jsonl`,
    durations: `${root}/durations.jsonl`,
    kept: `${root}/kept`,
    runs: `${root}/runs`,
    lastBuild: (name) => lastBuildOf(read(`${built}/${name}.json`)),
    recordBuild: (name, build) => write(built, name, build),
    notedNeeds: (name) => namesOf(read(`${needed}/${name}.json`)),
    noteNeeds: (name, needs) => write(needed, name, needs),
    bestView: () => bestViewOf(read(`${root}/view.json`)),
    recordBestView: (view) => write(root, "view", view ?? null),
  };
}

const limitBytes = 64 << 20;

/** A file of the workspace's state; undefined when there is none. */
export function readRemembered(disk: Disk, file: string): string | undefined {
  return readOwnFile(disk, file, { limitBytes })?.toString();
}

function lastBuildOf(value: unknown): LastBuild | undefined {
  const { key, artifact, inputs } = (value ?? {}) as Partial<LastBuild>;
  const isGood = isDigest(key) && isDigest(artifact) && Array.isArray(inputs);
  return isGood && inputs.every(isInput) ? { key, artifact, inputs } : undefined;
}

function isInput(value: unknown): value is Input {
  const { name, value: its } = (value ?? {}) as Record<string, unknown>;
  return typeof name === "string" && its !== undefined;
}

function bestViewOf(value: unknown): BestView | undefined {
  const { userNamespace, overlay } = (value ?? {}) as Partial<BestView>;
  const isGood = typeof userNamespace === "boolean" && (overlay === "kernel" || overlay === "fuse");
  return isGood ? { kind: "view", userNamespace, overlay, root: true } : undefined;
}

function namesOf(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.filter((name): name is string => typeof name === "string" && hasNameForm(name));
}
