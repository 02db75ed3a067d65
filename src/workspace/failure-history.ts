/**
 * The failures that a workspace has seen, one line each in `.tenon/failures.jsonl`; and what is
 * known of the one at hand: how often it was seen before, and what the team has written down of it.
 */
import { parentOf, type Recurrence } from "../core/index.ts";
import { isTime } from "../prefix/index.ts";
import type { KnownFailure } from "../recipe/index.ts";
import { makeDirectories, type World, writeAtomically } from "../world/index.ts";
import { readRemembered } from "./workspace-state.ts";

export interface SeenFailure {
  readonly fingerprint: string;
  readonly package: string;
  readonly version: string;
  readonly run: string;
  readonly atMs: number;
  readonly reason: string;
}

const keptAtMost = 5_000;

export function readFailures(world: World, file: string): SeenFailure[] {
  const lines = (readRemembered(world.disk, file) ?? "").split("\n");
  return lines.flatMap((line) => parseLine(line) ?? []);
}

/** One write, so that two processes do not mix their lines; the oldest go when there are too many. */
export function addFailures(world: World, file: string, failures: readonly SeenFailure[]): void {
  makeDirectories(world.disk, parentOf(file));
  const writer = world.disk.openWriter(file, { append: true });
  writer.write(Buffer.from(textOf(failures)));
  writer.close();
  const all = readFailures(world, file);
  if (all.length <= keptAtMost) return;
  writeAtomically(world.disk, file, textOf(all.slice(-keptAtMost / 2)), {
    temporary: `${file}.${world.clock.uniqueId()}`,
    durable: false,
  });
}

export function recurrenceOf(
  failure: { readonly fingerprint: string; readonly package: string },
  seen: readonly SeenFailure[],
): Recurrence | undefined {
  const same = seen.filter(({ fingerprint }) => fingerprint === failure.fingerprint);
  const [first] = same;
  const last = same.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const others = same.map((each) => each.package).filter((name) => name !== failure.package);
  return {
    times: same.length,
    firstAtMs: first.atMs,
    lastRun: last.run,
    otherPackages: [...new Set(others)],
  };
}

/** An entry for the package counts before one for all packages. */
export function knownAs(
  failure: { readonly fingerprint: string; readonly package: string },
  known: readonly KnownFailure[],
): KnownFailure | undefined {
  const same = known.filter(({ fingerprint }) => fingerprint === failure.fingerprint);
  return (
    same.find((each) => each.package === failure.package) ??
    same.find((each) => each.package === undefined)
  );
}

function textOf(failures: readonly SeenFailure[]): string {
  return failures.map((failure) => `${JSON.stringify(failure)}\n`).join("");
}

/** A line that a full disk has cut is not worth an error. */
function parseLine(line: string): SeenFailure | undefined {
  try {
    const value = line === "" ? undefined : (JSON.parse(line) as unknown);
    return isSeenFailure(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isSeenFailure(value: unknown): value is SeenFailure {
  if (typeof value !== "object" || value === null) return false;
  const { atMs, ...texts } = value as Record<string, unknown>;
  const names = ["fingerprint", "package", "version", "run", "reason"];
  return isTime(atMs) && names.every((name) => typeof texts[name] === "string");
}
