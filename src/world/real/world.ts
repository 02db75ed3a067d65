/** The real World. */
import type { World } from "../world.ts";
import { createRealClock } from "./clock.ts";
import { createRealDisk } from "./disk.ts";
import { readMachine } from "./machine.ts";
import { createRealNetwork } from "./network.ts";
import { createRealProcesses } from "./processes.ts";

/** `environment` is the caller's: only the proxy settings are read from it. */
export function createRealWorld(environment: Readonly<Record<string, string | undefined>>): World {
  return {
    disk: createRealDisk(),
    processes: createRealProcesses(),
    clock: createRealClock(),
    network: createRealNetwork(environment),
    machine: readMachine(),
  };
}
