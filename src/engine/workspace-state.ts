/** What tenon remembers beside `tenon.toml`, in `.tenon/`: logs, and what was built last. */
import type { Digest } from "../core/index.ts";
import type { Input } from "../plan/index.ts";
import {
  exists,
  isDiskError,
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

export interface RunFolder {
  readonly id: string;
  /** One event of the run a line. */
  readonly events: string;
  logFile(name: string): string;
}

export interface WorkspaceState {
  readonly pathDigests: string;
  /** A folder for the logs of one run; ids sort by time. */
  openRun(): RunFolder;
  /** The newest log of a package, or that of one run. */
  findLog(name: string, run?: string): string | undefined;
  lastBuild(name: string): LastBuild | undefined;
  recordBuild(name: string, build: LastBuild): void;
}

export function openWorkspaceState(world: World, root: string): WorkspaceState {
  const { disk } = world;
  const runs = `${root}/runs`;
  const built = `${root}/built`;
  return {
    pathDigests: `${root}/path-digests.json`,
    openRun: () => {
      const time = new Date(world.clock.now()).toISOString().replace(/[-:]|\.\d+/g, "");
      const id = `${time}-${world.clock.uniqueId().slice(0, 8)}`;
      makeDirectories(disk, `${runs}/${id}`);
      return {
        id,
        events: `${runs}/${id}/events.jsonl`,
        logFile: (name) => `${runs}/${id}/${name}.log`,
      };
    },
    findLog: (name, run) => {
      const candidates = run === undefined ? namesIn(world, runs).toReversed() : [run];
      return candidates.map((id) => `${runs}/${id}/${name}.log`).find((file) => exists(disk, file));
    },
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

function namesIn(world: World, directory: string): string[] {
  try {
    return world.disk.list(directory).map(({ name }) => name);
  } catch (error) {
    if (isDiskError(error, "ENOENT")) return [];
    throw error;
  }
}
