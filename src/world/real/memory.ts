/** How much memory is left: on the machine, and in the control groups that this process is in. */
import * as fs from "node:fs";
import type { Memory } from "../machine.ts";

const groups = "/sys/fs/cgroup";

export function readMemory(): Memory {
  const meminfo = readIfAny("/proc/meminfo");
  const machineBytes = numberIn(meminfo, /^MemAvailable:\s+(\d+) kB/m) * 1024;
  const pressure = numberIn(readIfAny("/proc/pressure/memory"), /^some avg10=([\d.]+)/m, 0) / 100;
  const oomKills = numberIn(readIfAny("/proc/vmstat"), /^oom_kill (\d+)/m, 0);
  return { availableBytes: Math.min(machineBytes, leftInGroups()), pressure, oomKills };
}

/** A limit holds for all groups below it. */
function leftInGroups(): number {
  let group = /^0::(\/.*)$/m.exec(readIfAny("/proc/self/cgroup"))?.[1] ?? "/";
  let leftBytes = Number.POSITIVE_INFINITY;
  for (;;) {
    const folder = `${groups}${group === "/" ? "" : group}`;
    const limitBytes = numberIn(readIfAny(`${folder}/memory.max`), /^(\d+)$/m);
    if (Number.isFinite(limitBytes)) {
      const usedBytes = numberIn(readIfAny(`${folder}/memory.current`), /^(\d+)$/m, 0);
      const cachedBytes = numberIn(readIfAny(`${folder}/memory.stat`), /^inactive_file (\d+)/m, 0);
      leftBytes = Math.min(leftBytes, limitBytes - usedBytes + cachedBytes);
    }
    if (group === "/") return leftBytes;
    group = group.slice(0, group.lastIndexOf("/")) || "/";
  }
}

function readIfAny(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return ""; // not every kernel tells
  }
}

function numberIn(text: string, pattern: RegExp, otherwise = Number.POSITIVE_INFINITY): number {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? otherwise : Number(found);
}
