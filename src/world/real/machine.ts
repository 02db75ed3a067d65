/** Facts about the machine that tenon runs on. */
import { readFileSync } from "node:fs";
import { availableParallelism, hostname } from "node:os";
import type { Machine } from "../machine.ts";
import { readMemory } from "./memory.ts";

export function readMachine(): Machine {
  return {
    processors: availableParallelism(),
    userId: process.getuid?.() ?? 0,
    groupId: process.getgid?.() ?? 0,
    userName,
    hostName: hostname(),
    architecture: process.arch,
    memory: readMemory,
  };
}

function userName(id: number): string | undefined {
  try {
    const lines = readFileSync("/etc/passwd", "utf8").split("\n");
    return lines.map((line) => line.split(":")).find(([, , number]) => number === String(id))?.[0];
  } catch {
    return undefined;
  }
}
