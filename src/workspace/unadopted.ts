/** What the companion has installed in the prefix and tenon has not on record, or in another version. */
import { readRecordHeads } from "../prefix/index.ts";
import type { CompanionInstall } from "../recipe/index.ts";
import type { Session } from "./session.ts";

export function findUnadopted({ workspace, world, layout }: Session): readonly CompanionInstall[] {
  const { companion } = workspace;
  if (companion === undefined) return [];
  const recorded = readRecordHeads(world.disk, layout);
  return companion.installed(world.disk, layout.prefix, (name) => {
    const record = recorded.get(name);
    return record !== undefined && companion.holds(world.disk, layout.prefix, record);
  });
}
