/** Tells how many jobs each package runs: when that has changed, and not too often. */
import type { Clock } from "../world/index.ts";
import type { Member } from "./member.ts";

/** At most so often for one package. */
export const tellMs = 250;

export interface HeldTeller {
  tell(member: Member): void;
  tellWaiting(name: string): void;
  /** The package is done; when it comes again, for its check, it is told anew. */
  forget(name: string): void;
}

export function createTeller(
  clock: Clock,
  onHeld: (name: string, held: number) => void,
): HeldTeller {
  const told = new Map<string, { readonly held: number; readonly atMs: number }>();
  const tellNow = (name: string, held: number): void => {
    told.set(name, { held, atMs: clock.monotonicMs() });
    onHeld(name, held);
  };
  return {
    tell: (member) => {
      const { name } = member;
      const held = 1 + member.held();
      const last = told.get(name);
      if (last?.held === held) return;
      const isEarly = clock.monotonicMs() - (last?.atMs ?? -tellMs) < tellMs;
      if (!isEarly || last?.held === 0 || !member.isActive()) tellNow(name, held);
    },
    tellWaiting: (name) => tellNow(name, 0),
    forget: (name) => void told.delete(name),
  };
}
