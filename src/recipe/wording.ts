/** How names, keys and choices are put into the sentences of a mistake. */
import { nearestName } from "../core/index.ts";
import type { KeyPath } from "./positions.ts";

/** In double quotes, with every control character escaped. */
export function quote(text: string): string {
  return JSON.stringify(text);
}

/** `depends.build`, or `item 2 of depends.build`; numbers in between are left out. */
export function nameOfKey(path: KeyPath): string {
  const names = path.filter((part) => typeof part === "string").join(".");
  const last = path.at(-1);
  return typeof last === "number" ? `item ${last + 1} of ${names}` : names;
}

/** `a, b or c`. */
export function oneOf(names: readonly string[]): string {
  const last = names.at(-1) ?? "nothing";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} or ${last}`;
}

/** Ends an expectation with the name that was probably meant, when one is near. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const meant = nearestName(name, candidates);
  return meant === undefined ? "" : `; did you mean ${quote(meant)}?`;
}
