/** A hint with the name that a person probably meant. */
import { nearestName } from "../recipe/index.ts";

export function nearestOf(name: string, known: readonly string[]): string[] {
  const nearest = nearestName(name, known);
  return nearest === undefined ? [] : [`Did you mean ${nearest}?`];
}
