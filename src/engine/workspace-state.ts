/** What tenon remembers beside `tenon.toml`, in `.tenon/`: logs, and what was built last. */
import type { Digest } from "../core/index.ts";
import type { Input } from "../plan/index.ts";
import {
  exists,
  makeDirectories,
  readTextIfAny,
  type World,
  writeAtomically,
} from "../world/index.ts";

/** How a package was built the last time in this workspace. */
export interface LastBuild {
  readonly key: Digest;
  readonly artifact: Digest;
  readonly inputs: readonly Input[];
}

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
}

export function openWorkspaceState(world: World, root: string): WorkspaceState {
  const { disk } = world;
  const built = `${root}/built`;
  const needed = `${root}/needs`;
  const read = <Value>(file: string): Value | undefined => {
    const text = readTextIfAny(disk, file);
    try {
      return text === undefined ? undefined : (JSON.parse(text) as Value);
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
    lastBuild: (name) => read<LastBuild>(`${built}/${name}.json`),
    recordBuild: (name, build) => write(built, name, build),
    notedNeeds: (name) => read<string[]>(`${needed}/${name}.json`) ?? [],
    noteNeeds: (name, needs) => write(needed, name, needs),
  };
}
