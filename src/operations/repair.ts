/** `tenon verify --repair`: what is not as recorded is put back, in one transaction. */
import {
  type Change,
  displacedTrees,
  findContent,
  readHistory,
  restore,
  workplaceOf,
} from "../install/index.ts";
import { entriesOf, type Deviation, readRecord } from "../prefix/index.ts";
import { dropRelocated, relocateArtifact } from "../store/index.ts";
import { openTrustedStore } from "../trust/index.ts";
import { type Ended, type OpenPrefix, operate } from "./operate.ts";
import type { Verification } from "./queries.ts";
import { sweepStale } from "./sweep-stale.ts";

export interface Repair {
  readonly kind: "repaired";
  readonly repaired: readonly Deviation[];
  /** Their content is neither in the store nor displaced anywhere. */
  readonly lost: readonly Deviation[];
  /** Stale bytecode that is gone now. */
  readonly swept: readonly string[];
}

/** A file that was changed by hand is kept beside the repaired one. */
export async function repair(
  prefix: OpenPrefix,
  { findings, stale }: Pick<Verification, "findings" | "stale">,
): Promise<Ended<Repair>> {
  const { change, paths } = planRepair(prefix, findings);
  const value: Repair = {
    kind: "repaired",
    repaired: findings.filter(({ path }) => paths.has(path)),
    lost: findings.filter(({ path }) => !paths.has(path)),
    swept: stale,
  };
  const ended: Ended<Repair> =
    change.add.length === 0
      ? { kind: prefix.dryRun ? "planned" : "done", value }
      : await operate(prefix, { change, cures: repairCures, result: () => value });
  if (ended.kind !== "done") return ended;
  return { ...ended, value: { ...value, swept: await sweepStale(prefix, stale) } };
}

const repairCures = {
  owned: ["Remove one of the two packages, or install the other one again."],
  foreign: ["Move it away, or remove it, and run this again."],
};

/** What can be put back, and the packages that are to bring it. */
function planRepair(
  prefix: OpenPrefix,
  findings: readonly Deviation[],
): { readonly change: Change; readonly paths: ReadonlySet<string> } {
  const { world, layout } = prefix;
  const { disk } = world;
  const store = openTrustedStore(world, prefix, prefix.store, { sync: prefix.sync });
  const names = new Set(findings.map((finding) => finding.package));
  const records = [...names].flatMap((name) => readRecord(disk, layout, name) ?? []);
  const artifacts = new Map(records.map(({ name, artifact }) => [name, artifact]));
  const makeTrees = (name: string): string[] => {
    const id = artifacts.get(name) ?? "";
    const manifest = store.hasArtifact(id) ? store.findManifest(id, name) : undefined;
    if (manifest !== undefined) relocateArtifact(world, store, { id, manifest }, layout.prefix);
    return store.treesOf(id, layout.prefix);
  };
  const treesFor = onceEach(makeTrees);
  // What was relocated may be damaged in the store, too: it is made again of the artifact.
  const treesMadeAgain = onceEach((name) => {
    dropRelocated(world, store, artifacts.get(name) ?? "", layout.prefix);
    return makeTrees(name);
  });
  const displaced = readHistory(disk, layout).flatMap(({ id }) =>
    displacedTrees(workplaceOf(layout, id)),
  );
  const entries = entriesOf(records);
  const places = new Map<string, string>();
  const paths = new Set<string>();
  for (const { package: name, path } of findings) {
    const entry = entries.get(path);
    if (entry === undefined) continue;
    const find = (trees: readonly string[]): string | undefined =>
      entry.type === "file" ? findContent(disk, trees, entry) : undefined;
    const place = find(treesFor(name)) ?? find(displaced) ?? find(treesMadeAgain(name));
    if (place !== undefined) places.set(path, place);
    if (place !== undefined || entry.type !== "file") paths.add(path);
  }
  const repaired = findings.filter(({ path }) => paths.has(path));
  const touched = new Set(repaired.map((finding) => finding.package));
  const add = records
    .filter(({ name }) => touched.has(name))
    .map((record) => restore(record, places));
  return { change: { add, remove: [], repair: paths }, paths };
}

function onceEach<Value>(find: (name: string) => Value): (name: string) => Value {
  const known = new Map<string, Value>();
  return (name) => {
    const value = known.get(name) ?? find(name);
    known.set(name, value);
    return value;
  };
}
