/** A view of a package's sealed stage, as it will be installed. What is written there into the prefix is thrown away. */
import { makeDirectories, removeTree } from "../world/index.ts";
import { ownLayerName } from "./places.ts";
import type { PackageBuild } from "./package-build.ts";

/**
 * Makes what such a view is mounted from; the stage may have been moved since the last time. An overlay takes no
 * folder twice: a stage that is one of its dependencies' needs no layer of its own.
 */
export function showStage({ context, job, places }: PackageBuild, stage: string): void {
  const { disk } = context.world;
  const { scratch } = places;
  for (const folder of ["check-upper", "check-overlay"])
    makeDirectories(disk, `${scratch}/${folder}`);
  const layer = `${scratch}/layers/${ownLayerName}`;
  removeTree(disk, layer);
  if (job.layers.some(({ tree }) => tree === stage)) disk.makeDirectory(layer);
  else disk.makeLink(layer, stage);
}
