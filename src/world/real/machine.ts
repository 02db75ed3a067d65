/** Facts about the machine that tenon runs on. */
import { availableParallelism, hostname } from "node:os";
import type { Machine } from "../machine.ts";
import { readMemory } from "./memory.ts";

export function readMachine(): Machine {
  return {
    processors: availableParallelism(),
    userId: process.getuid?.() ?? 0,
    groupId: process.getgid?.() ?? 0,
    hostName: hostname(),
    architecture: process.arch,
    memory: readMemory,
  };
}
