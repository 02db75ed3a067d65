/** Which job slot a package ran in: events do not say, so each takes the lowest that is free. */
import type { PackageRun, Run, Span } from "./run.ts";

interface Outline {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Slots are counted from 1. */
export function buildSlots({ packages }: Run): Map<string, number> {
  return assignSlots(packages.map((each) => outline(each, "run")));
}

/** From the first to the last of its spans of one kind. */
export function outline({ name, spans }: PackageRun, kind: Span["kind"]): Outline | undefined {
  const own = spans.filter((span) => span.kind === kind);
  if (own.length === 0) return undefined;
  return {
    name,
    fromMs: Math.min(...own.map(({ fromMs }) => fromMs)),
    toMs: Math.max(...own.map(({ toMs }) => toMs)),
  };
}

export function assignSlots(outlines: readonly (Outline | undefined)[]): Map<string, number> {
  const busyUntilMs: number[] = [];
  const slots = new Map<string, number>();
  const known = outlines.filter((each) => each !== undefined);
  for (const { name, fromMs, toMs } of known.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const free = busyUntilMs.findIndex((until) => until <= fromMs);
    const slot = free < 0 ? busyUntilMs.length : free;
    busyUntilMs[slot] = toMs;
    slots.set(name, slot + 1);
  }
  return slots;
}
