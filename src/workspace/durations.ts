/**
 * How long fetches, builds and checks took in this workspace, and how much memory: one line of JSON
 * each time, appended to `.tenon/durations.jsonl`. Several processes may append at once; a line that
 * a crash cut off is passed over. When there are many more lines than things to know, the file is
 * written anew with what they come to.
 */
import { parentOf } from "../core/index.ts";
import { makeDirectories, type World, writeAtomically } from "../world/index.ts";
import { readRemembered } from "./workspace-state.ts";

export type NodeKind = "fetch" | "build" | "check";

export interface Known {
  /** The last time counts half, the time before a quarter, and so on. */
  readonly durationMs: number;
  /** The most that one of its processes has used, the last time that it was measured. */
  readonly maxRssBytes?: number;
}

export interface Durations {
  of(kind: NodeKind, name: string): Known | undefined;
  record(kind: NodeKind, name: string, taken: Known): void;
}

const newestShare = 0.5;
/** Fewer lines are never worth the writing. */
const fewLines = 2_000;
const linesPerEntry = 4;

export function openDurations(world: World, file: string): Durations {
  const { disk } = world;
  const known = new Map<string, Known>();
  const learn = (key: string, taken: Known): void => {
    known.set(key, mix(known.get(key), taken));
  };
  const lines = (readRemembered(disk, file) ?? "").split("\n");
  for (const line of lines) {
    const row = readRow(line);
    if (row !== undefined) learn(...row);
  }
  let isTidy = lines.length < Math.max(fewLines, linesPerEntry * known.size);

  return {
    of: (kind, name) => known.get(`${kind} ${name}`),
    record: (kind, name, taken) => {
      const key = `${kind} ${name}`;
      learn(key, taken);
      makeDirectories(disk, parentOf(file));
      if (isTidy) return append(world, file, rowOf(key, taken));
      isTidy = true;
      const text = [...known].map(([each, its]) => rowOf(each, its)).join("");
      writeAtomically(disk, file, text, {
        temporary: `${file}.${world.clock.uniqueId()}`,
        durable: false,
      });
    },
  };
}

function mix(before: Known | undefined, taken: Known): Known {
  if (before === undefined) return taken;
  const durationMs = newestShare * taken.durationMs + (1 - newestShare) * before.durationMs;
  return { ...before, ...taken, durationMs };
}

function append(world: World, file: string, row: string): void {
  const writer = world.disk.openWriter(file, { append: true });
  writer.write(Buffer.from(row));
  writer.close();
}

function rowOf(key: string, { durationMs, maxRssBytes }: Known): string {
  const memory = maxRssBytes === undefined ? [] : [maxRssBytes];
  return `${JSON.stringify([key, Math.round(durationMs), ...memory])}\n`;
}

function readRow(line: string): [string, Known] | undefined {
  try {
    const row = JSON.parse(line) as unknown;
    if (!Array.isArray(row)) return undefined;
    const [key, durationMs, maxRssBytes] = row as unknown[];
    if (typeof key !== "string" || typeof durationMs !== "number") return undefined;
    return [key, { durationMs, ...(typeof maxRssBytes === "number" ? { maxRssBytes } : {}) }];
  } catch {
    return undefined;
  }
}
