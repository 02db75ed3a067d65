/**
 * The packages of a prefix as they are to be at another path. What was built for any prefix has maps of its places: its
 * files are traced back to their artifact, and relocated from there. What was built at the prefix's own path is searched
 * for that path.
 */
import {
  digestOf,
  type Entry,
  type FileEntry,
  type LinkEntry,
  type Manifest,
  namesPrefix,
  type NamingFile,
  TenonError,
} from "../../core/index.ts";
import type { Incoming, RewrittenFile } from "../../install/index.ts";
import type { PackageRecord } from "../../prefix/index.ts";
import {
  artifactEntry,
  type EntryAt,
  isRecordPath,
  listedFiles,
  originalOf,
  relocateFile,
  relocateFiles,
} from "../../relocation/index.ts";
import { reachedFromElsewhere, relatedTarget } from "../../stage/index.ts";
import { renewRecord } from "../../wheel/index.ts";
import { readText, type World } from "../../world/index.ts";
import { type LeftPlace, openSearch, type SearchedTree } from "./rename-file.ts";

export interface PlannedPackages {
  readonly add: readonly Incoming[];
  readonly left: readonly LeftPlace[];
}

interface Plan {
  readonly world: World;
  readonly tree: SearchedTree;
  /** The path that files with maps name. */
  readonly traced: string;
  readonly records: readonly PackageRecord[];
}

/** Reads files of the tree; changes nothing. `transfer` is for files that stay as they are. */
export async function planPackages(
  plan: Plan,
  transfer: NonNullable<Incoming["transfer"]>,
): Promise<PlannedPackages> {
  const search = searchOf(plan);
  const add: Incoming[] = [];
  const left: LeftPlace[] = [];
  for (const record of plan.records) {
    const changes = relocateMapped(plan, record);
    if (isSearched(record)) left.push(...(await search(record, changes)));
    const manifest = record.manifest.map((entry) => changes.entries.get(entry.path) ?? entry);
    const { rewritten } = changes;
    add.push({ ...factsOf(record), manifest, tree: plan.tree.root, transfer, rewritten });
  }
  return { add, left };
}

/** Nobody knows where its files name the prefix, or something in them can name no other. */
function isSearched({ pins }: PackageRecord): boolean {
  return pins === undefined || pins.length > 0;
}

type Facts = Omit<Incoming, "manifest" | "tree" | "transfer" | "rewritten">;

function factsOf(record: PackageRecord): Facts {
  const {
    installedAtMs: _at,
    transaction: _by,
    found: _found,
    manifest: _manifest,
    ...rest
  } = record;
  const { cededEntries = [], ...facts } = rest;
  // What it ceded would come back with the old path in it.
  const known = isSearched(record) ? [] : cededEntries.filter((entry) => !namesPrefix(entry));
  return { ...facts, ...(known.length === 0 ? {} : { cededEntries: known }) };
}

/** What is another one at the new path, by path. */
interface Changes {
  readonly entries: Map<string, Entry>;
  readonly rewritten: Map<string, RewrittenFile>;
}

function relocateMapped(
  { world: { disk }, tree: { root, to }, traced }: Plan,
  { name, manifest }: PackageRecord,
): Changes {
  const changes: Changes = { entries: new Map(), rewritten: new Map() };
  const mapped = manifest.filter(namesPrefix).filter((entry) => artifactEntry(entry) !== undefined);
  if (mapped.length === 0) return changes;
  const here = new Map(mapped.map((entry) => [entry.path, entry]));
  const entryAt: EntryAt = (path) => here.get(path);
  const contentOf = ({ path }: NamingFile): Uint8Array | undefined => {
    const entry = here.get(path);
    return (
      entry && originalOf(disk.readFile(`${root}/${path}`), entry, { target: traced, entryAt })
    );
  };
  const there = new Map<string, NamingFile>();
  const remake = (entry: NamingFile): Uint8Array => {
    const fileOf = listedFiles(entry.path, (path) => there.get(path));
    const original = contentOf(entry);
    const content = original && relocateFile(original, entry, { target: to, fileOf });
    if (content === undefined) throw untraced(name, `${root}/${entry.path}`);
    return content;
  };
  const files = mapped.flatMap((entry) => artifactEntry(entry) ?? []);
  for (const entry of files) {
    const content = (): Uint8Array => remake(entry);
    const modifiedMs = disk.status(`${root}/${entry.path}`)?.modifiedMs ?? 0;
    changes.rewritten.set(entry.path, { content, modifiedMs });
  }
  const made = relocateFiles({
    files,
    target: to,
    contentOf,
    made: (entry) => void there.set(entry.path, entry),
  });
  if (made === undefined) throw untraced(name, root);
  for (const entry of made) changes.entries.set(entry.path, entry);
  return changes;
}

/** Searches packages one after another; gives what is left of each. */
function searchOf(plan: Plan): (record: PackageRecord, changes: Changes) => Promise<LeftPlace[]> {
  const { world, tree, records } = plan;
  const links = records.flatMap(({ manifest }) =>
    manifest.filter((entry) => entry.type === "link"),
  );
  const elsewhere = reachedFromElsewhere(links);
  const files = openSearch(world, tree);
  // What another package has as it is in any prefix stays so, whatever the bytes look like.
  const certain = new Set(
    records.filter((record) => !isSearched(record)).flatMap(({ manifest }) => filesOf(manifest)),
  );
  return async ({ name, manifest, pins = [] }, changes) => {
    const left: LeftPlace[] = pins.map((pin) => ({ package: name, ...pin }));
    for (const entry of manifest) {
      const { path, type } = entry;
      if (type === "link") relate(entry, tree.from, changes);
      if (type !== "file" || certain.has(path) || changes.entries.has(path)) continue;
      const isAlone = !elsewhere.has(path);
      const renamed = await files.search(path, isAlone);
      left.push(...renamed.left.map((pin) => ({ package: name, path, ...pin })));
      if (renamed.content === undefined) continue;
      rewrite(
        plan,
        { entry, content: renamed.content, again: () => files.again(path, isAlone) },
        changes,
      );
    }
    renewRecords(plan, manifest, changes);
    return left;
  };
}

function filesOf(manifest: Manifest): string[] {
  return manifest.filter(({ type }) => type === "file").map(({ path }) => path);
}

function relate(entry: LinkEntry, from: string, { entries }: Changes): void {
  const target = relatedTarget(entry, { prefixes: [from] });
  if (target !== undefined) entries.set(entry.path, { ...entry, target });
}

interface NewContent {
  readonly entry: FileEntry;
  readonly content: Uint8Array;
  readonly again: () => Uint8Array;
}

function rewrite(
  { world, tree }: Plan,
  { entry, content, again }: NewContent,
  { entries, rewritten }: Changes,
): void {
  const { relocation: _none, ...plain } = entry;
  const modifiedMs = world.disk.status(`${tree.root}/${entry.path}`)?.modifiedMs ?? 0;
  entries.set(entry.path, { ...plain, sizeBytes: content.length, sha256: digestOf(content) });
  rewritten.set(entry.path, { content: again, modifiedMs });
}

/** Of what a search has changed; where there are maps, RECORD has its own. */
function renewRecords(plan: Plan, manifest: Manifest, changes: Changes): void {
  const changed = [...changes.entries.values()].filter((entry) => entry.type === "file");
  if (changed.length === 0) return;
  for (const entry of manifest) {
    const { path } = entry;
    if (entry.type !== "file" || !isRecordPath(path) || namesPrefix(entry)) continue;
    const before = changes.rewritten.get(path);
    const read = (): string =>
      before === undefined
        ? readText(plan.world.disk, `${plan.tree.root}/${path}`)
        : Buffer.from(before.content()).toString("utf8");
    const others = changed.filter((each) => each.path !== path);
    const again = (): Uint8Array => Buffer.from(renewRecord(path, read(), others) ?? read());
    const text = renewRecord(path, read(), others);
    if (text !== undefined) rewrite(plan, { entry, content: Buffer.from(text), again }, changes);
  }
}

function untraced(name: string, place: string): TenonError {
  return new TenonError({
    kind: "conflict",
    code: "CHANGED_MEANWHILE",
    message: `${place} is not as the package ${name} has it; nothing was changed`,
    hints: ["Run `tenon verify` there, and this command again."],
  });
}
