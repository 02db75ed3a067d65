/** When something in the store was used the last time: its time of modification, to a day. */
import { isDiskError, type World } from "../world/index.ts";

const dayMs = 24 * 60 * 60 * 1000;

/** Whether it is there at all. What may not be written to, another person's store for one, keeps its old time. */
export function noteUsed({ disk, clock }: World, file: string): boolean {
  const status = disk.status(file);
  if (status === undefined) return false;
  const nowMs = clock.now();
  if (status.modifiedMs + dayMs < nowMs) {
    try {
      disk.setTimes(file, nowMs);
    } catch (error) {
      if (!isDiskError(error)) throw error;
    }
  }
  return true;
}
