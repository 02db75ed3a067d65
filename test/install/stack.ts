/** Small packages on a simulated disk, and the prefix that they are joined into. */
import { createHash } from "node:crypto";
import {
  digestOfManifest,
  type Entry,
  makeManifest,
  type Manifest,
  parentOf,
} from "../../src/core/index.ts";
import {
  type Change,
  changePrefix,
  type Incoming,
  planRollback,
  type TransactionOutcome,
} from "../../src/install/index.ts";
import { layoutOf, makeLayout, readRecords, verifyRecords } from "../../src/prefix/index.ts";
import { removeTree, type World } from "../../src/world/index.ts";
import {
  createSimulatedDisk,
  createSimulatedWorld,
  type SimulatedDisk,
  type SimulatedWorld,
  type Snapshot,
  type Tree,
} from "../../src/world/simulated/index.ts";

export const prefix = "/opt/prefix";
export const layout = layoutOf(prefix);

/** A file's content; `-> x` makes a link, a name that ends in `/` an empty directory. */
export type Files = Readonly<Record<string, string>>;

export interface PackageSpec {
  readonly name: string;
  readonly version?: string;
  readonly files: Files;
  readonly takesOver?: readonly string[];
  readonly depends?: readonly string[];
}

/** Plants the package's tree and gives what a transaction takes in. */
export function plantPackage(disk: SimulatedDisk, spec: PackageSpec): Incoming {
  const version = spec.version ?? "1";
  const tree = `/store/${spec.name}-${version}`;
  const entries = Object.entries(spec.files).map(([path, text]): Entry => {
    if (path.endsWith("/")) return { type: "directory", path: path.slice(0, -1), mode: 0o755 };
    if (text.startsWith("-> ")) return { type: "link", path, target: text.slice(3) };
    const sha256 = createHash("sha256").update(text).digest("hex");
    const mode = parentOf(path) === "bin" ? 0o755 : 0o644;
    return { type: "file", path, mode, sizeBytes: Buffer.byteLength(text), sha256 };
  });
  const manifest = makeManifest(entries);
  if (disk.status(tree) === undefined) {
    disk.plant(tree, contentOf(manifest, spec.files));
  }
  return {
    name: spec.name,
    version,
    artifact: digestOfManifest(manifest),
    manifest,
    tree,
    depends: spec.depends ?? [],
    takesOver: spec.takesOver ?? [],
  };
}

export const stages = "/staged";

/** Like `plantPackage`, but the tree is handed over. */
export function plantStage(disk: SimulatedDisk, spec: PackageSpec): Incoming {
  const tree = `${stages}/${spec.name}`;
  const incoming = plantPackage(disk, spec);
  disk.plant(tree, contentOf(incoming.manifest, spec.files));
  return { ...incoming, tree, transfer: "move" };
}

function contentOf(manifest: Manifest, files: Files): Tree {
  return Object.fromEntries(
    manifest.map((entry) => {
      if (entry.type === "directory") return [`${entry.path}/`, { mode: entry.mode }];
      if (entry.type === "link") return [entry.path, { link: entry.target }];
      return [entry.path, { content: files[entry.path] ?? "", mode: entry.mode }];
    }),
  );
}

/**
 * Where a prefix lies. `overlay`: what is there beforehand is of a lower layer, on another file
 * system. `weak`: without RENAME_EXCHANGE and RENAME_NOREPLACE, which the changes allow. `bare`: nor
 * are there hard links.
 */
export type Place = "overlay" | "weak" | "bare";

export interface Scenario {
  readonly name: string;
  readonly on?: Place;
  /** What a person has put there before any package. */
  readonly earlier?: Files;
  /** Whether the prefix is a group's. */
  readonly isShared?: boolean;
  /** In the prefix beforehand. */
  readonly installed: readonly PackageSpec[];
  /** What a person has put there beforehand. */
  readonly foreign?: Files;
  /** What a person has changed there beforehand in files of packages; null deletes one. */
  readonly edits?: Readonly<Record<string, string | null>>;
  /** A transaction before, which is to be rolled back. */
  readonly rollBack?: {
    readonly add?: readonly PackageSpec[];
    readonly remove?: readonly string[];
  };
  readonly add?: readonly PackageSpec[];
  readonly remove?: readonly string[];
  /** Whether the first package's tree is a stage that is handed over. */
  readonly handsOver?: boolean;
  /** Whether what `add` brings is there already, among the foreign files. */
  readonly adopts?: boolean;
  /** Whether foreign files at the paths of what `add` brings become its own. */
  readonly takesForeign?: boolean;
  /** What a workspace wants of it. */
  readonly wishes?: Change["wishes"];
  /** Paths that are to be put right. */
  readonly repair?: readonly string[];
}

export interface Stage {
  readonly disk: SimulatedDisk;
  readonly change: Change;
}

/** A machine on which the scenario's packages are installed and its change is about to be made. */
export async function setUp(scenario: Scenario): Promise<Stage> {
  const { on } = scenario;
  const disk = diskFor(on);
  disk.plant(prefix, {});
  if (scenario.isShared === true) {
    disk.setGroup(prefix, 50);
    disk.setMode(prefix, 0o2775);
    disk.syncFileSystem(prefix);
  }
  plantForeign(disk, scenario.earlier ?? {});
  makeLayout(disk, layout);
  const installed = scenario.installed.map((spec) => plantPackage(disk, spec));
  if (installed.length > 0) {
    await mustChange(worldOn(disk), { add: installed, remove: [] }, on);
  }
  plantForeign(disk, scenario.foreign ?? {});
  for (const [path, text] of Object.entries(scenario.edits ?? {})) {
    removeTree(disk, `${prefix}/${path}`);
    if (text !== null) plantForeign(disk, { [path]: text });
  }
  disk.syncFileSystem(prefix);
  const rollback = scenario.rollBack === undefined ? undefined : await rollBackOf(disk, scenario);
  if (on === "overlay") disk.sink(prefix);
  if (rollback !== undefined) return { disk, change: rollback };
  const add = (scenario.add ?? []).map((spec) =>
    scenario.handsOver === true ? plantStage(disk, spec) : plantPackage(disk, spec),
  );
  const repair = scenario.repair === undefined ? {} : { repair: new Set(scenario.repair) };
  const adopt = scenario.adopts === true ? { adopt: true } : {};
  const takeForeign = scenario.takesForeign === true;
  const wishes = scenario.wishes === undefined ? {} : { wishes: scenario.wishes };
  return {
    disk,
    change: { add, remove: scenario.remove ?? [], ...repair, ...adopt, ...wishes, takeForeign },
  };
}

export function diskFor(place: Place | undefined): SimulatedDisk {
  if (place === undefined) return createSimulatedDisk();
  if (place === "overlay") return createSimulatedDisk({ mounts: [{ path: "/", layered: true }] });
  const hardLinks = place === "weak";
  return createSimulatedDisk({ mounts: [{ path: "/", renameFlags: false, hardLinks }] });
}

async function rollBackOf(disk: SimulatedDisk, { rollBack, on }: Scenario): Promise<Change> {
  const add = (rollBack?.add ?? []).map((spec) => plantPackage(disk, spec));
  await mustChange(worldOn(disk), { add, remove: rollBack?.remove ?? [] }, on);
  return planRollback(disk, layout, undefined, (artifact) => [`/store/${artifact}`]).change;
}

/** `/` makes an empty directory. */
export function plantForeign(disk: SimulatedDisk, files: Files): void {
  disk.plant(
    prefix,
    Object.fromEntries(
      Object.entries(files).map(([path, text]) => {
        if (text === "/") return [`${path}/`, {}];
        return text.startsWith("-> ") ? [path, { link: text.slice(3) }] : [path, { content: text }];
      }),
    ),
  );
}

export function change(world: World, wanted: Change, on?: Place): Promise<TransactionOutcome> {
  const weakRenames = on === "weak" || on === "bare";
  return changePrefix(world, layout, wanted, { activity: "test", sync: true, weakRenames });
}

export async function mustChange(
  world: World,
  wanted: Change,
  on?: Place,
): Promise<TransactionOutcome> {
  const outcome = await change(world, wanted, on);
  if (outcome.kind !== "done") throw new Error(`not done: ${JSON.stringify(outcome)}`);
  return outcome;
}

/** What lies in the folder of stages: path → content, or the type. */
export function stagesOn(disk: SimulatedDisk): Record<string, string> {
  if (disk.status(stages) === undefined) return {};
  return Object.fromEntries(
    Object.entries(disk.snapshot(stages) as Snapshot).map(([path, { content, type }]) => [
      path,
      content ?? type,
    ]),
  );
}

/** What a program sees of the prefix: path → content, `-> target`, or `/` for a directory. */
export function view(disk: SimulatedDisk): Record<string, string> {
  const seen: Record<string, string> = {};
  for (const [path, entry] of Object.entries(disk.snapshot(prefix) as Snapshot)) {
    if (path === "var" || path === "var/lib" || path.startsWith("var/lib/tenon")) continue;
    if (entry.type === "directory") seen[path] = "/";
    else seen[path] = entry.type === "link" ? `-> ${entry.target}` : (entry.content ?? "");
  }
  return seen;
}

/** Names and versions on record. */
export function recorded(disk: SimulatedDisk): Record<string, string> {
  return Object.fromEntries(
    [...readRecords(disk, layout)].map(([name, { version }]) => [name, version]),
  );
}

export function findings(disk: SimulatedDisk): readonly unknown[] {
  return verifyRecords(disk, layout, readRecords(disk, layout).values());
}

let seed = 1;

/** A new process on this machine. */
export function worldOn(disk: SimulatedDisk): SimulatedWorld {
  return createSimulatedWorld({ disk, clock: { seed: seed++ } });
}
