/** How long a command takes: by the clock, and in time of processors. */
import { run } from "./processes.js";

/**
 * Of all its processes together.
 *
 * @param {string[]} command
 * @param {import("./processes.js").Options} [how]
 */
export async function timed(command, how) {
  const fromMs = performance.now();
  const measure = ["/bin/bash", "-c", 'TIMEFORMAT="%U %S"; time "$@"', "bash"];
  const ended = await run([...measure, ...command], how);
  const ms = performance.now() - fromMs;
  const [user = 0, system = 0] = (ended.stderr.trim().split("\n").at(-1) ?? "")
    .split(" ")
    .map(Number);
  return { ...ended, ms, cpuMs: 1000 * (user + system) };
}

export function showSeconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}
