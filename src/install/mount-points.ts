/** What is mounted in a prefix stays as it is: a transaction cannot reach into it. */
import { isWithin, TenonError } from "../core/index.ts";
import type { PrefixLayout } from "../prefix/index.ts";
import type { Decision } from "./decide.ts";

/** Nothing can be renamed from or to what is mounted there. */
export function refuseMountPoints(
  { prefix, state }: PrefixLayout,
  { steps }: Decision,
  mountPoints: readonly string[],
): void {
  for (const point of mountPoints) {
    const step = steps.find(({ path }) => isWithin(path, point));
    if (step === undefined) continue;
    throw new TenonError({
      kind: "machine",
      code: "MOUNT_POINT",
      message: `${prefix}/${step.path} cannot be changed, because ${prefix}/${point} is a mount point: nothing can be renamed between it and ${state}`,
      hints: [
        `Unmount ${prefix}/${point} and run the command again, or mount all of ${prefix} there instead.`,
      ],
    });
  }
}
