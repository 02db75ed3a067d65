/** The table from package keys to artifacts: a record each, which may be lost, and then the package is built again. */
import { type Digest, isDigest, type StrayLibrary } from "../core/index.ts";
import type { Envelope } from "../signing/index.ts";
import type { FilePin } from "../relocation/index.ts";
import { readTextIfAny, removeTree, writeAtomically } from "../world/index.ts";
import type { Artifacts, StorePlace } from "./artifacts.ts";
import { readProof } from "./proofs.ts";
import { noteUsed } from "./used.ts";

/** What building a package key gave. */
export interface KeyRecord {
  readonly artifact: Digest;
  readonly package: string;
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly builtAtMs: number;
  readonly durationMs: number;
  /** The digest of the check that the artifact has passed. */
  readonly checked?: Digest;
  /**
   * What of it cannot name another prefix than the placeholder, as its build or a proof has found: then it joins none.
   * Absent where there is nothing.
   */
  readonly pins?: readonly FilePin[];
  /** What the loader will not find of it; absent where nobody has looked. */
  readonly libraries?: readonly StrayLibrary[];
  /** Who says that this key gives this artifact, where it came from a shared cache. */
  readonly provenance?: readonly Envelope[];
}

export interface Keys {
  /** The record of a key whose artifact is still here as it was built. */
  lookUp(key: Digest): KeyRecord | undefined;
  /** A power loss may take it until `settle`: then its package is built again. */
  recordKey(key: Digest, record: KeyRecord): void;
  /** Its package is then built again. */
  forgetKey(key: Digest): void;
}

export function openKeys(
  { world, layout, temporary }: StorePlace,
  { isAsBuilt }: Pick<Artifacts, "isAsBuilt">,
): Keys {
  const { disk } = world;
  return {
    lookUp: (key) => {
      const file = layout.key(key);
      noteUsed(world, file);
      const text = disk.status(file)?.type === "file" ? readTextIfAny(disk, file) : undefined;
      const record = text === undefined ? undefined : readKeyRecord(text);
      if (record === undefined || !isAsBuilt(record.artifact, record)) return undefined;
      const verdict = readProof(disk, layout, record.artifact)?.verdict;
      return verdict?.kind === "pinned" && record.pins === undefined
        ? { ...record, pins: verdict.pins }
        : record;
    },
    recordKey: (key, record) =>
      writeAtomically(disk, layout.key(key), `${JSON.stringify(record, null, 2)}\n`, {
        temporary: temporary(),
        durable: false,
      }),
    forgetKey: (key) => removeTree(disk, layout.key(key)),
  };
}

/** A damaged record means only that the package is built again. */
function readKeyRecord(text: string): KeyRecord | undefined {
  try {
    const record = JSON.parse(text) as Partial<KeyRecord> | null;
    return typeof record?.artifact === "string" &&
      isDigest(record.artifact) &&
      typeof record.durationMs === "number"
      ? (record as KeyRecord)
      : undefined;
  } catch {
    return undefined;
  }
}
