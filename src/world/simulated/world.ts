/** The simulated World: a machine in memory, for tests that crash, fill, delay and interleave. */
import type { Transport } from "@connectrpc/connect";
import type { Machine } from "../machine.ts";
import type { World } from "../world.ts";
import { createSimulatedClock, type SimulatedClock, type SimulatedClockOptions } from "./clock.ts";
import { createSimulatedDisk } from "./disk.ts";
import { createSimulatedNetwork, type SimulatedNetwork, type SimulatedSite } from "./network.ts";
import {
  type ProgramAnswer,
  createSimulatedProcesses,
  type SimulatedProcesses,
} from "./processes.ts";
import type { SimulatedDisk } from "./simulated-disk.ts";

export interface SimulatedWorld extends World {
  readonly disk: SimulatedDisk;
  readonly processes: SimulatedProcesses;
  readonly clock: SimulatedClock;
  readonly network: SimulatedNetwork;
}

export interface SimulatedWorldOptions {
  /** The disk of this world's process; a new machine's by default. */
  readonly disk?: SimulatedDisk;
  /** A clock to share with other worlds. By default, ids differ between processes of a machine. */
  readonly clock?: SimulatedClock | SimulatedClockOptions;
  readonly answer?: ProgramAnswer;
  readonly site?: SimulatedSite;
  /** What answers calls of gRPC. */
  readonly services?: Transport;
  readonly machine?: Partial<Machine>;
}

const ordinaryMachine: Machine = {
  processors: 4,
  userId: 1000,
  groupId: 1000,
  userName: (id) => ({ 0: "root", 1000: "me", 1001: "another" })[id],
  hostName: "simulated",
  architecture: "x64",
  memory: () => ({ availableBytes: 8e9, pressure: 0, oomKills: 0 }),
};

export function createSimulatedWorld(options: SimulatedWorldOptions = {}): SimulatedWorld {
  const disk = options.disk ?? createSimulatedDisk();
  const ownId = disk.processId;
  const { clock = {}, answer, site, services } = options;
  return {
    disk,
    processes: createSimulatedProcesses({
      ownId,
      disk,
      isAlive: disk.isAlive,
      ...(answer === undefined ? {} : { answer }),
    }),
    clock: "now" in clock ? clock : createSimulatedClock({ seed: ownId, ...clock }),
    network: createSimulatedNetwork(site, services),
    machine: { ...ordinaryMachine, ...options.machine },
  };
}
