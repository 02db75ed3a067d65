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
}

export function openWorkspaceState(world: World, root: string): WorkspaceState {
  const { disk } = world;
  const built = `${root}/built`;
  return {
    pathDigests: `${root}/path-digests.json`,
    failures: `${root}/failures.jsonl`,
    durations: `${root}/durations.jsonl`,
    kept: `${root}/kept`,
    runs: `${root}/runs`,
    lastBuild: (name) => {
      const text = readTextIfAny(disk, `${built}/${name}.json`);
      try {
        return text === undefined ? undefined : (JSON.parse(text) as LastBuild);
      } catch {
        return undefined; // it only serves to explain
      }
    },
    recordBuild: (name, build) => {
      if (!exists(disk, built)) makeDirectories(disk, built);
      writeAtomically(disk, `${built}/${name}.json`, `${JSON.stringify(build, null, 1)}\n`, {
        temporary: `${built}/.${world.clock.uniqueId()}`,
        durable: false,
      });
    },
  };
}
