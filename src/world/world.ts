/** The World: every way to the machine in one bundle, real or simulated. */
import type { Clock } from "./clock.ts";
import type { Disk } from "./disk.ts";
import type { Machine } from "./machine.ts";
import type { Network } from "./network.ts";
import type { Processes } from "./processes.ts";

export interface World {
  readonly disk: Disk;
  readonly processes: Processes;
  readonly clock: Clock;
  readonly network: Network;
  readonly machine: Machine;
}
