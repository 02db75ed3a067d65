/** How often a place may fail to answer before it is given up, and what is said of it: each thing once. */
import { CacheTrouble, type TroubleKind } from "./place.ts";

export interface Patience {
  /** Rethrows what is not a trouble of the cache. */
  note(error: unknown): TroubleKind;
  renew(): void;
  isOver(): boolean;
}

const patienceTries = 3;

export function createPatience(name: string, tell: (text: string) => void): Patience {
  let failures = 0;
  const told = new Set<string>();
  const tellOnce = (text: string): void => {
    if (!told.has(text)) tell(text);
    told.add(text);
  };
  return {
    note: (error) => {
      if (!(error instanceof CacheTrouble)) throw error;
      const { kind, message } = error;
      if (kind === "refused")
        tellOnce(`${message}; so it is not used, and what it would have brought is built here`);
      if (kind === "unreachable") {
        failures += 1;
        if (failures === patienceTries || failures === 1)
          tellOnce(`the cache ${name} does not give what it has: ${message}`);
        if (failures === patienceTries)
          tellOnce(`the cache ${name} is not asked any more; what it has is built here`);
      }
      return kind;
    },
    renew: () => {
      failures = 0;
    },
    isOver: () => failures >= patienceTries,
  };
}
