/** What `tenon prove` has found out of an artifact, kept beside it: as lost as the artifact when that is dropped. */
import type { Digest } from "../core/index.ts";
import { type FilePin, isFilePin, placeholderVersion } from "../relocation/index.ts";
import { type Disk, exists, isDiskError, readTextIfAny, writeAtomically } from "../world/index.ts";
import type { StorePlace } from "./artifacts.ts";
import type { StoreLayout } from "./layout.ts";

/** Whether an artifact's files name the prefix nowhere but where its maps say. */
export type Verdict =
  | {
      readonly kind: "proved";
      /** How many files differ in their build id, and in nothing else that no map tells. */
      readonly buildIds: number;
      readonly check: CheckVerdict;
    }
  /** They do not: it is built for each prefix from now on. */
  | { readonly kind: "pinned"; readonly pins: readonly FilePin[] }
  /** Two builds at one place differ, so nobody can know. */
  | {
      readonly kind: "unsteady";
      readonly pins: readonly FilePin[];
      readonly check: CheckVerdict;
    };

/**
 * What the recipe's check said of the relocated files. `unwatched`: it passed, but nobody saw what it opened; `needs-build`:
 * it fails without what its build made, wherever that is; `pinned-need`: what it needs is not relocated.
 */
export type CheckVerdict = "passed" | "unwatched" | "needs-build" | "pinned-need" | "none";

export interface Proof {
  /** Milliseconds since 1970. */
  readonly provedAtMs: number;
  readonly verdict: Verdict;
}

export interface Proofs {
  /** Undefined where nobody has looked, or with another placeholder. */
  proofOf(artifact: Digest): Proof | undefined;
  keepProof(artifact: Digest, proof: Proof): void;
}

export function openProofs({ world, layout, temporary }: StorePlace): Proofs {
  return {
    proofOf: (artifact) => readProof(world.disk, layout, artifact),
    keepProof: (artifact, proof) => {
      if (!exists(world.disk, layout.artifactManifest(artifact))) return;
      const text = `${JSON.stringify({ placeholder: placeholderVersion, ...proof }, null, 2)}\n`;
      const how = { temporary: temporary(), durable: false };
      writeAtomically(world.disk, layout.artifactProof(artifact), text, how);
    },
  };
}

/** A damaged one means only that nobody knows. */
export function readProof(disk: Disk, layout: StoreLayout, artifact: Digest): Proof | undefined {
  try {
    const text = readTextIfAny(disk, layout.artifactProof(artifact));
    return text === undefined ? undefined : proofIn(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError || isDiskError(error)) return undefined;
    throw error;
  }
}

function proofIn(value: unknown): Proof | undefined {
  const { placeholder, provedAtMs, verdict } = (value ?? {}) as Record<string, unknown>;
  const { kind, pins = [], buildIds = 0 } = (verdict ?? {}) as Record<string, unknown>;
  const isVerdict =
    ["proved", "pinned", "unsteady"].includes(String(kind)) &&
    Array.isArray(pins) &&
    pins.every(isFilePin) &&
    typeof buildIds === "number";
  if (placeholder !== placeholderVersion || typeof provedAtMs !== "number" || !isVerdict)
    return undefined;
  return { provedAtMs, verdict: verdict as Verdict };
}
