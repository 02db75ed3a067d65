/** What Sage has installed and tenon has not on record. */
import { readRecordHeads } from "../prefix/index.ts";
import { readInstalled, type SageInstalled } from "../sage/index.ts";
import type { Session } from "./session.ts";

/** One version of each package. */
export function findUnadopted({ workspace, world, layout }: Session): SageInstalled[] {
  if (workspace.checkout === undefined) return [];
  const recorded = readRecordHeads(world.disk, layout);
  const isKnown = (name: string): boolean => recorded.has(name);
  const found = readInstalled(world.disk, layout.prefix, workspace.recipes, isKnown);
  const names = new Set<string>();
  return found.filter(({ name }) => {
    const isNew = !names.has(name);
    names.add(name);
    return isNew;
  });
}

/** A plan changes nothing, and does not know what will be up to date. */
export function tellUnadopted(session: Session): void {
  const count = findUnadopted(session).length;
  if (count === 0) return;
  const what = `${count === 1 ? "1 package that Sage has" : `${count} packages that Sage has`} installed`;
  session.options.emit({ kind: "note", text: `a build adopts ${what} before it begins` });
}
