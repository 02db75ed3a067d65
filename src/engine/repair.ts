/** `tenon verify --repair`: what is not as recorded is put back, in one transaction. */
import { type Conflict, findContent, type Incoming, readHistory } from "../install/index.ts";
import {
  type Finding,
  type PackageRecord,
  type PrefixLayout,
  readRecord,
} from "../prefix/index.ts";
import { openStore } from "../store/index.ts";
import type { World } from "../world/index.ts";
import { changeAndTell } from "./change-and-tell.ts";
import type { Teller } from "./transaction-events.ts";

export interface Repair {
  readonly repaired: readonly Finding[];
  /** Their content is neither in the store nor displaced anywhere. */
  readonly lost: readonly Finding[];
  readonly conflicts: readonly Conflict[];
}

/** A file that was changed by hand is kept beside the repaired one. */
export async function repair(
  world: World,
  layout: PrefixLayout,
  findings: readonly Finding[],
  options: Teller & { readonly store: string },
): Promise<Repair> {
  const { disk } = world;
  const store = openStore(world, options.store, { sync: options.sync });
  const displaced = readHistory(disk, layout).flatMap(({ id }) =>
    ["old", "new"].map((side) => `${layout.transactions}/${id}/${side}`),
  );
  const places = new Map<string, string>();
  const repairable = new Set<string>();
  const records = new Map<string, PackageRecord>();
  for (const { package: name, path } of findings) {
    const record = records.get(name) ?? readRecord(disk, layout, name);
    const entry = record?.manifest.find((each) => each.path === path);
    if (record === undefined || entry === undefined) continue;
    records.set(name, record);
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
    .map((record) => toIncoming(record, places));
  const change = { add, remove: [], repair: repairable };
  const outcome = await changeAndTell(world, layout, change, options);
  return outcome.kind === "conflict"
    ? { repaired: [], lost, conflicts: outcome.conflicts }
    : { repaired, lost, conflicts: [] };
}

function toIncoming(record: PackageRecord, places: ReadonlyMap<string, string>): Incoming {
  const { installedAtMs: _at, transaction: _transaction, ...facts } = record;
  return { ...facts, tree: "", locate: (path) => places.get(path) };
}
