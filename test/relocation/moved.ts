/** A file as it is at another prefix, and what keeps it from being there. */
import { expect } from "vitest";
import {
  type Mentions,
  findPlaces,
  placeholder,
  relocate,
  undoRelocation,
} from "../../src/relocation/index.ts";

export const target = "/opt/stack";
/** The prefix where lengths stay. */
export const long = target.padEnd(placeholder.length, "/");

/** What is there at another prefix; and it can be undone. */
export function moved(content: Uint8Array, finding: Mentions = findPlaces(content)): Buffer {
  expect(finding.pins).toEqual([]);
  const { map, rewritten = content } = finding;
  const relocated = map === undefined ? rewritten : relocate(rewritten, map, { target });
  expect(relocated).toBeDefined();
  const undone = map && undoRelocation(relocated ?? content, map, { target });
  expect(Buffer.compare(undone ?? rewritten, rewritten)).toBe(0);
  return Buffer.from(relocated ?? []);
}

export function pinsOf(content: Uint8Array): string[] {
  return findPlaces(content).pins.map(({ where, what }) => `${where}: ${what}`);
}
