/** What the companion has installed in the prefix and tenon has not on record. */
import { readRecordHeads } from "../prefix/index.ts";
import type { CompanionInstall } from "../recipe/index.ts";
import type { Session } from "./session.ts";

export function findUnadopted({ workspace, world, layout }: Session): readonly CompanionInstall[] {
  if (workspace.companion === undefined) return [];
  const recorded = readRecordHeads(world.disk, layout);
  return workspace.companion.installed(world.disk, layout.prefix, (name) => recorded.has(name));
}
