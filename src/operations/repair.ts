/** `tenon verify --repair`: what is not as recorded is put back, in one transaction. */
import type { Entry } from "../core/index.ts";
import {
  type Conflict,
  displacedTrees,
  findContent,
  readHistory,
  restore,
  workplaceOf,
} from "../install/index.ts";
import {
  type Finding,
  type PackageRecord,
  type PrefixLayout,
  readRecord,
} from "../prefix/index.ts";
import type { World } from "../world/index.ts";
import { changeAndTell } from "./change-and-tell.ts";
import type { Verification } from "./queries.ts";
import { sweepStale } from "./sweep-stale.ts";
import type { Teller } from "./transaction-events.ts";
import { openTrustedStore, type TrustOptions } from "../trust/index.ts";

export interface Repair {
  readonly repaired: readonly Finding[];
  /** Their content is neither in the store nor displaced anywhere. */
  readonly lost: readonly Finding[];
  readonly conflicts: readonly Conflict[];
  /** Stale bytecode that is gone now. */
  readonly swept: readonly string[];
}

export type RepairOptions = Teller & TrustOptions & { readonly store: string | undefined };

export async function repair(
  world: World,
  layout: PrefixLayout,
  { findings, stale }: Pick<Verification, "findings" | "stale">,
  options: RepairOptions,
): Promise<Repair> {
  const files = await putBack(world, layout, findings, options);
  return { ...files, swept: await sweepStale(world, layout, stale, options) };
}

/** A file that was changed by hand is kept beside the repaired one. */
async function putBack(
  world: World,
  layout: PrefixLayout,
  findings: readonly Finding[],
  options: RepairOptions,
): Promise<Omit<Repair, "swept">> {
  if (findings.length === 0) return { repaired: [], lost: [], conflicts: [] };
  const { disk } = world;
  const store = openTrustedStore(world, options, options.store, { sync: options.sync });
  const displaced = readHistory(disk, layout).flatMap(({ id }) =>
    displacedTrees(workplaceOf(layout, id)),
  );
  const places = new Map<string, string>();
  const repairable = new Set<string>();
  const records = new Map<string, PackageRecord>();
  const entries = new Map<string, ReadonlyMap<string, Entry>>();
  for (const { package: name, path } of findings) {
    const record = records.get(name) ?? readRecord(disk, layout, name);
    if (record === undefined) continue;
    records.set(name, record);
    const itsEntries =
      entries.get(name) ?? new Map(record.manifest.map((each) => [each.path, each]));
    entries.set(name, itsEntries);
    const entry = itsEntries.get(path);
    if (entry === undefined) continue;
    const trees = [store.layout.artifactTree(record.artifact), ...displaced];
    const place = entry.type === "file" ? findContent(disk, trees, entry) : undefined;
    if (entry.type === "file" && place === undefined) continue;
    repairable.add(path);
    if (place !== undefined) places.set(path, place);
  }
  const [repaired, lost] = [true, false].map((wanted) =>
    findings.filter(({ path }) => repairable.has(path) === wanted),
  ) as [Finding[], Finding[]];
  if (repaired.length === 0) return { repaired, lost, conflicts: [] };

  const touched = new Set(repaired.map(({ package: name }) => name));
  const add = [...records.values()]
    .filter(({ name }) => touched.has(name))
    .map((record) => restore(record, places));
  const change = { add, remove: [], repair: repairable };
  const outcome = await changeAndTell(world, layout, change, options);
  return outcome.kind === "conflict"
    ? { repaired: [], lost, conflicts: outcome.conflicts }
    : { repaired, lost, conflicts: [] };
}
