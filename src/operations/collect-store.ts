/** `tenon gc --store`: what nobody uses leaves the machine's store. */
import { TenonError } from "../core/index.ts";
import { readRecordHeads } from "../prefix/index.ts";
import {
  layoutOf,
  readUsers,
  removeGarbage,
  requireStore,
  type Rules,
  type StoreLayout,
} from "../store/index.ts";
import {
  openPrefixLayout,
  readConfigurations,
  requireTrustedStore,
  type TrustOptions,
} from "../trust/index.ts";
import { exists, isDiskError, readTextIfAny, type World } from "../world/index.ts";
import type { Teller } from "./transaction-events.ts";

export interface CollectStoreOptions extends Teller, TrustOptions {
  /** What was used within that time stays; the configuration's where it is absent, else 30 days. */
  readonly keepMs?: number;
  /** What the store may take beyond what is on record somewhere. */
  readonly maxBytes?: number;
  readonly dryRun?: boolean;
}

export interface CollectedStore {
  readonly kind: "collected";
  readonly store: string;
  readonly artifacts: number;
  readonly sources: number;
  /** Of all that went; files that a prefix shares take their room as long as that has them. */
  readonly sizeBytes: number;
  /** Of all that stays. */
  readonly leftBytes: number;
}

const usualKeepMs = 30 * 24 * 60 * 60 * 1000;

/** What a prefix has on record, or a workspace in its `tenon.lock`, stays, whatever its age. */
export async function collectStore(
  world: World,
  options: CollectStoreOptions,
): Promise<CollectedStore> {
  const root = requireStore(options.store);
  const nothing = { kind: "collected", store: root, artifacts: 0, sources: 0 } as const;
  if (!exists(world.disk, root)) return { ...nothing, sizeBytes: 0, leftBytes: 0 };
  requireTrustedStore(world, options, root);
  const layout = layoutOf(root);
  const configured = readConfigurations(world, options).find(
    ({ store }) => store.keepMs !== undefined || store.maxBytes !== undefined,
  );
  const keepMs = options.keepMs ?? configured?.store.keepMs ?? usualKeepMs;
  const maxBytes = options.maxBytes ?? configured?.store.maxBytes;
  const told = new Set<string>();
  const tell = (text: string): void => {
    if (!told.has(text)) options.emit({ kind: "note", text });
    told.add(text);
  };
  const rules = (): Rules => ({
    held: heldBy(world, layout, options, tell),
    sinceMs: world.clock.now() - keepMs,
    ...(maxBytes === undefined ? {} : { maxBytes }),
  });
  const { items, leftBytes } = await removeGarbage(world, layout, rules, {
    dryRun: options.dryRun ?? false,
    ...(options.noWait === undefined ? {} : { noWait: options.noWait }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    onWait: (text) => options.emit({ kind: "waiting", for: text }),
  });
  const count = (wanted: string): number => items.filter(({ kind }) => kind === wanted).length;
  return {
    ...nothing,
    artifacts: count("artifact"),
    sources: count("source"),
    sizeBytes: items.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    leftBytes,
  };
}

/** The digests of what the store's users have on record. One whose folders are gone has nothing. */
function heldBy(
  world: World,
  layout: StoreLayout,
  options: CollectStoreOptions,
  tell: (text: string) => void,
): ReadonlySet<string> {
  const held = new Set<string>();
  for (const { prefix, workspace } of readUsers(world.disk, layout)) {
    try {
      const records = readRecordHeads(world.disk, openPrefixLayout(world, options, prefix));
      for (const { artifact, key } of records.values()) {
        held.add(artifact);
        if (key !== undefined) held.add(key);
      }
      const pins = workspace && readTextIfAny(world.disk, `${workspace}/tenon.lock`);
      for (const digest of pins?.match(/\b[0-9a-f]{64}\b/g) ?? []) held.add(digest);
    } catch (error) {
      if (!(error instanceof TenonError) && !isDiskError(error)) throw error;
      tell(`what ${prefix} has of the store is not known, so it may go: ${error.message}`);
    }
  }
  return held;
}
