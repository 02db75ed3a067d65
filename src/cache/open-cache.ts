/**
 * A shared cache, as a build uses it: one question for everything, and then only what is wanted.
 *
 * Nothing that can go wrong with it ends a build: what cannot be had, or is refused, is built here, and is told once. A
 * place that does not answer is not asked any more in this run.
 */
import { type Digest, showMoment, TenonError } from "../core/index.ts";
import type { CacheSettings } from "../recipe/index.ts";
import type { FilePin } from "../relocation/index.ts";
import { isExpired, type PublicKey } from "../signing/index.ts";
import { type Store, unpackArtifact } from "../store/index.ts";
import type { World } from "../world/index.ts";
import { type CacheIndex, type IndexRow, largestIndex, openIndex } from "./cache-index.ts";
import { checkEntry, type CheckedEntry, type WantedEntry } from "./check-entry.ts";
import {
  type CachePlace,
  CacheTrouble,
  collect,
  indexName,
  type TroubleKind,
  unsignedIndex,
} from "./place.ts";
import { createPatience, type Patience } from "./patience.ts";
import { lastCounter, noteCounter } from "./seen.ts";
import { largestStatement } from "./statement.ts";

export interface CacheContext {
  readonly world: World;
  readonly store: Store;
  readonly place: CachePlace;
  readonly settings: Pick<CacheSettings, "keys" | "require">;
  /** One sentence for a person. */
  readonly tell: (text: string) => void;
  /** Only looks: what was seen is not noted. */
  readonly isLook?: boolean;
}

/** What a cache has for a key, as its index says. */
export interface KnownEntry {
  readonly artifact: Digest;
  readonly package: string;
  readonly version: string;
  readonly durationMs: number;
  readonly checked?: Digest;
  readonly pins?: readonly FilePin[];
  readonly packBytes: number;
}

export type Taken = { readonly kind: "taken"; readonly sizeBytes: number } | TroubleKindOnly;
interface TroubleKindOnly {
  readonly kind: TroubleKind;
}

export interface SharedCache {
  readonly name: string;
  /** The one question. To be awaited before all else; a second time, nothing is asked. */
  ask(): Promise<void>;
  /** What enough builders agree on; undefined before `ask`. */
  find(key: Digest): KnownEntry | undefined;
  /** With which results were built, most of them first; none before `ask`. */
  compilers(): readonly string[];
  /**
   * Puts the artifact and the record of the key into the store, once all is checked; a second time, it only says how that
   * ended. Throws only what the machine refuses.
   */
  take(wanted: WantedEntry): Promise<Taken>;
}

export function openCache(context: CacheContext): SharedCache {
  const { place, settings, tell } = context;
  const patience = createPatience(place.name, tell);
  const indexes: OpenedIndex[] = [];
  let asked: Promise<void> | undefined;
  const takes = new Map<Digest, Promise<Taken>>();
  const choiceFor = (key: Digest): Choice | undefined => choose(indexes, key, settings.require);
  return {
    name: place.name,
    ask: () => (asked ??= askAll(context, indexes, patience)),
    find: (key) => {
      const [row] = choiceFor(key)?.backers.map((backer) => backer.row) ?? [];
      return row && knownOf(row);
    },
    compilers: () => compilersOf(indexes),
    take: (wanted) => {
      const first = takes.get(wanted.key) ?? take(wanted);
      takes.set(wanted.key, first);
      return first;
    },
  };

  async function take(wanted: WantedEntry): Promise<Taken> {
    const choice = choiceFor(wanted.key);
    if (choice === undefined) return { kind: "missing" };
    if (choice.isDisputed)
      tell(
        `the builders of ${wanted.package} in the cache differ; \`tenon challenge ${wanted.package}\` says where`,
      );
    if (patience.isOver()) return { kind: "unreachable" };
    return takeChoice(context, { wanted, choice, patience });
  }
}

function knownOf({
  pack,
  statement: _statement,
  compiler: _compiler,
  ...row
}: IndexRow): KnownEntry {
  return { ...row, packBytes: pack.sizeBytes };
}

function compilersOf(indexes: readonly OpenedIndex[]): string[] {
  const counts = new Map<string, number>();
  for (const { index } of indexes)
    for (const { compiler } of index.entries.values())
      if (compiler !== undefined) counts.set(compiler, (counts.get(compiler) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).map(([compiler]) => compiler);
}

interface OpenedIndex {
  readonly signer: PublicKey | undefined;
  readonly index: CacheIndex;
}

async function askAll(
  context: CacheContext,
  indexes: OpenedIndex[],
  patience: Patience,
): Promise<void> {
  const { place, settings, world, tell } = context;
  const signers = settings.require === 0 ? [undefined, ...settings.keys] : settings.keys;
  const nowMs = world.clock.now();
  const missing: string[] = [];
  for (const signer of signers) {
    if (signer !== undefined && isExpired(signer, nowMs)) {
      tell(
        `the key ${signer.name} of the cache has ended on ${signer.until}: what it has signed is not used`,
      );
      continue;
    }
    try {
      const index = await readIndex(context, signer);
      if (index === undefined) missing.push(signer?.name ?? "unsigned");
      else indexes.push({ signer, index });
    } catch (error) {
      patience.note(error);
      if (patience.isOver()) return;
    }
  }
  const isEmpty = indexes.length === 0 && missing.length > 0;
  if (isEmpty) tell(`the cache ${place.name} has nothing of ${missing.join(", ")} yet`);
}

/** Undefined where nobody has pushed with this key. Throws CacheTrouble. */
export async function readIndex(
  context: Pick<CacheContext, "world" | "store" | "place" | "isLook">,
  signer: PublicKey | undefined,
): Promise<CacheIndex | undefined> {
  const { place, world, store } = context;
  const keyId = signer?.id ?? "unsigned";
  const name = signer === undefined ? unsignedIndex : indexName(signer.id);
  const bytes = await place.readName(name, largestIndex);
  if (bytes === undefined) return undefined;
  const index = openIndex(bytes, signer, place.name);
  const seen = { world, store, place: place.name, keyId };
  const last = lastCounter(seen);
  if (index.counter < last) {
    const what = `the index of ${place.name} is of ${showMoment(index.counter)}, older than the one of ${showMoment(last)} that was seen before`;
    throw new CacheTrouble("refused", what);
  }
  if (context.isLook !== true) noteCounter(seen, index.counter);
  return index;
}

interface Backer {
  readonly signer: PublicKey | undefined;
  readonly row: IndexRow;
}

interface Choice {
  /** All of them name the same artifact. */
  readonly backers: readonly Backer[];
  readonly need: number;
  readonly isDisputed: boolean;
}

/** The artifact that enough builders name; of several, the one of the key that is listed first. */
function choose(indexes: readonly OpenedIndex[], key: Digest, require: number): Choice | undefined {
  const byArtifact = new Map<Digest, Backer[]>();
  for (const { signer, index } of indexes) {
    const row = index.entries.get(key);
    if (row !== undefined)
      byArtifact.set(row.artifact, [...(byArtifact.get(row.artifact) ?? []), { signer, row }]);
  }
  const need = Math.max(1, require);
  const backers = [...byArtifact.values()].find((each) => each.length >= need);
  return backers && { backers, need, isDisputed: byArtifact.size > 1 };
}

interface Taking {
  readonly wanted: WantedEntry;
  readonly choice: Choice;
  readonly patience: Patience;
}

async function takeChoice(context: CacheContext, taking: Taking): Promise<Taken> {
  const { wanted, choice, patience } = taking;
  const checked: CheckedEntry[] = [];
  let kind: TroubleKind = "missing";
  for (const backer of choice.backers) {
    if (checked.length === choice.need) break;
    try {
      checked.push(await readEntry(context, wanted, backer));
    } catch (error) {
      kind = patience.note(error);
    }
  }
  if (checked.length < choice.need) return { kind };
  for (const entry of checked) {
    try {
      const sizeBytes = await takePack(context, entry);
      record(context, wanted.key, checked);
      patience.renew();
      return { kind: "taken", sizeBytes };
    } catch (error) {
      kind = patience.note(error);
    }
  }
  return { kind };
}

/** Throws CacheTrouble. */
export async function readEntry(
  { place }: Pick<CacheContext, "place">,
  wanted: WantedEntry,
  { signer, row }: Backer,
): Promise<CheckedEntry> {
  const what = `the statement on ${wanted.package}`;
  const limit = Math.min(row.statement.sizeBytes, largestStatement);
  const bytes = await collect(place.readBlob(row.statement), limit, what);
  return checkEntry({ wanted, row, signer, bytes });
}

/** Gives how much came: nothing, where the store has the artifact. Throws CacheTrouble. */
export async function takePack(
  { world, store, place }: Pick<CacheContext, "world" | "store" | "place">,
  { statement }: Pick<CheckedEntry, "statement">,
): Promise<number> {
  const { artifact, pack } = statement;
  if (store.isAsBuilt(artifact, { package: statement.package })) return 0;
  const name = `the pack of ${statement.package} ${statement.version}`;
  try {
    const bytes = place.readBlob(pack);
    await unpackArtifact(world, store, { name, bytes, artifact, packed: pack });
    return pack.sizeBytes;
  } catch (error) {
    if (!(error instanceof TenonError)) throw error;
    if (error.code === "PACK_CUT") throw new CacheTrouble("unreachable", error.message, error);
    if (error.code === "PACK_WRONG") throw new CacheTrouble("refused", error.message, error);
    throw error;
  }
}

function record({ store }: CacheContext, key: Digest, checked: readonly CheckedEntry[]): void {
  const [{ statement }] = checked as [CheckedEntry];
  const { artifact, version, builtAtMs } = statement;
  const { checked: _each, ...facts } = statement.facts;
  store.recordKey(key, {
    artifact,
    package: statement.package,
    version,
    builtAtMs,
    ...facts,
    ...checkedBy(checked),
    provenance: checked.map(({ envelope }) => envelope),
  });
}

/** A check has passed where all who vouch for the result say so. */
function checkedBy(entries: readonly CheckedEntry[]): { readonly checked?: Digest } {
  const digests = new Set(entries.map(({ statement }) => statement.facts.checked));
  const [first] = digests;
  return digests.size === 1 && first !== undefined ? { checked: first } : {};
}
