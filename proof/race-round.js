/** One round of the race: every package is installed and upgraded, in the tool's own phases. */
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { cover, uncover } from "./places.js";
import { filesOf } from "./race-content.js";

/** What is counted for each tool. */
export const counted = [
  "installs",
  "failed",
  "lost",
  "torn",
  "missing",
  "mixed",
  "sweeps",
  "imports",
  "importErrors",
  "verifies",
  "verifyFailed",
];
/** Not what is mixed: a sweep may straddle an upgrade, however that is done. */
const bad = ["failed", "lost", "torn", "missing", "importErrors", "verifyFailed"];

export function isBad(counts) {
  return bad.some((key) => counts[key] > 0);
}

/** Gives the counts; `tell` hears of each trouble by kind and text. */
export async function raceOnce(tool, /** @type {any} */ { place, ...options }) {
  const counts = Object.fromEntries(counted.map((key) => [key, 0]));
  const round = { ...options, tool, place, prefix: `${place}/prefix`, counts };
  const { prefix, on } = round;
  rmSync(place, { recursive: true, force: true, maxRetries: 5 });
  mkdirSync(place);
  await tool.open(prefix);
  for (const [at, versions] of tool.phases.entries()) {
    // What is upgraded on an overlay is in its lower layer by then.
    if (at === (on === "overlay" ? 1 : 0)) cover(on, prefix);
    await joinAll(round, versions);
    countLost(round, versions.at(-1));
  }
  uncover(prefix);
  return counts;
}

async function joinAll(round, versions) {
  const { tool, place, prefix, watchers, counts, tell } = round;
  const joining = await tool.begin(versions, place);
  const watching = await watchers.begin(prefix, `${place}/stop${versions}`);
  joining.release();
  let isOver = false;
  const verifying = verifyUntil(round, () => isOver);
  for (const failure of await joining.ended) {
    counts.installs += 1;
    if (failure === undefined) continue;
    counts.failed += 1;
    tell("install", failure);
  }
  isOver = true;
  await verifying;
  for (const { examples, ...seen } of await watching.end()) {
    for (const [key, count] of Object.entries(seen)) counts[key] += count;
    for (const example of examples) tell(example.split(" ", 1)[0], example);
  }
  await verifyOnce(round);
}

async function verifyUntil(round, isStopped) {
  while (round.tool.verify && !isStopped()) {
    await verifyOnce(round);
    await sleep(round.pauseMs);
  }
}

async function verifyOnce({ tool, prefix, counts, tell }) {
  if (!tool.verify) return;
  const failure = await tool.verify(prefix);
  counts.verifies += 1;
  if (failure === undefined) return;
  counts.verifyFailed += 1;
  tell("verify", failure);
}

function countLost({ prefix, installers, relocating, counts, tell }, version) {
  for (let number = 0; number < installers; number += 1) {
    const files = filesOf(number, version, relocating ? prefix : "");
    for (const [file, content] of Object.entries(files)) {
      if (readIfAny(`${prefix}/${file}`) === content) continue;
      counts.lost += 1;
      tell("lost", `${file} of version ${version}`);
    }
  }
}

function readIfAny(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
