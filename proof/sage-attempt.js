/** Commands that run undisturbed, or for a time and are then killed with all they have started. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { howItEnded, start } from "./processes.js";

const waitMs = 2_000;

/**
 * `killAfterMs` after its start, or after `hasBegun` was true, the command's group is killed. `alive`:
 * what the kernel has not ended by itself a moment later; that is killed too. All processes of a build
 * name `place`.
 *
 * @typedef {object} Attempted
 * @property {boolean} isKilled
 * @property {boolean} isGood
 * @property {number} alive
 * @property {number} seconds
 * @property {number} secondsSince
 * @property {string} [said]
 * @property {string[]} [lines]
 *
 * @param {string[]} command
 * @param {{ env: NodeJS.ProcessEnv, place: string, timeoutMs: number, killAfterMs?: number, hasBegun?: () => boolean }} options
 * @returns {Promise<Attempted>}
 */
export async function attempt(command, { env, place, timeoutMs, killAfterMs, hasBegun }) {
  const before = processesAt(place);
  const started = start(command, { env, timeoutMs });
  const startedMs = performance.now();
  let isOver = false;
  void started.ended.then(() => (isOver = true));
  while (hasBegun !== undefined && !isOver && !hasBegun()) await sleep(5);
  const begunMs = performance.now();
  const left = new AbortController();
  const timer = sleep(killAfterMs ?? timeoutMs + waitMs, undefined, { signal: left.signal });
  const first = await Promise.race([started.ended, timer.catch(() => undefined)]);
  left.abort();
  const endMs = performance.now();
  const took = { seconds: (endMs - startedMs) / 1000, secondsSince: (endMs - begunMs) / 1000 };
  if (first !== undefined) return { ...took, alive: 0, isKilled: false, ...outcome(first) };
  started.kill();
  const alive = await end(place, before);
  await started.ended;
  return { ...took, alive, isKilled: true, isGood: true };
}

function outcome(ended) {
  const said = `${ended.stdout}${ended.stderr}`.trim().split("\n");
  return { isGood: ended.code === 0, said: `${howItEnded(ended)}: ${said.at(-1)}`, lines: said };
}

/** How many were there when the moment was over. */
async function end(place, before) {
  const others = () => [...processesAt(place)].filter((pid) => !before.has(pid));
  const endMs = performance.now() + waitMs;
  while (others().length > 0 && performance.now() < endMs) await sleep(20);
  const alive = others();
  for (let left = alive; left.length > 0; left = others()) {
    for (const pid of left) kill(pid);
    await sleep(20);
  }
  return alive.length;
}

function kill(pid) {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it has ended meanwhile
  }
}

/** By their words, environment and folder. What has ended, and waits to be noticed, has none of them. */
function processesAt(place) {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return new Set(pids.filter((pid) => names(pid, place)).map(Number));
}

function names(pid, place) {
  const asked = [
    () => readFileSync(`/proc/${pid}/cmdline`, "utf8"),
    () => readFileSync(`/proc/${pid}/environ`, "utf8"),
    () => readlinkSync(`/proc/${pid}/cwd`),
  ];
  return asked.some((ask) => {
    try {
      return ask().includes(place);
    } catch {
      return false; // it has ended meanwhile
    }
  });
}
