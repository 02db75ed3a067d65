/**
 * What Sage looks at, kept so that its make finds tenon's packages built: the times of their stamps, the
 * stamp that stands for what the machine has, and a log in logs/pkgs. Stamps themselves come with the
 * packages.
 */
import { dirname } from "node:path";
import { type EventSink, parentOf } from "../core/index.ts";
import type { JoinedPackage } from "../recipe/index.ts";
import {
  type Disk,
  exists,
  isDiskError,
  listIfAny,
  makeDirectories,
  readFileIfAny,
  type World,
} from "../world/index.ts";
import type { SageRecipe } from "./sage-recipe.ts";

/** A symbolic link, not there yet, by which a checkout's scripts call a folder of the prefix. */
export interface Entrance {
  readonly path: string;
  readonly target: string;
}

/** The folder is made as well, so that Sage's own make can go on from there at any time. */
export function makeEntrance({ disk }: World, { path, target }: Entrance, emit: EventSink): void {
  makeDirectories(disk, target);
  makeDirectories(disk, dirname(path));
  try {
    disk.makeLink(path, target);
  } catch (error) {
    const isMade = isDiskError(error, "EEXIST") && disk.status(path)?.type === "link";
    if (isMade && disk.readLink(path) === target) return; // another tenon was faster
    throw error;
  }
  emit({ kind: "note", text: `${path} is now a symbolic link to ${target}` });
}

const stamp = /(^|\/)var\/lib\/sage\/installed\/[^/]+$/;

/**
 * make would build again what is older than something that it needs, though tenon knows that it would
 * come out the same. So all stamps of tenon's packages get one time. Those of others are left alone:
 * what they need may have changed.
 */
export function settleStamps(
  { disk, clock }: World,
  prefix: string,
  packages: Iterable<JoinedPackage>,
): void {
  const now = clock.now();
  const folder = `${prefix}/var/lib/sage/installed`;
  makeDirectories(disk, folder);
  const folders = new Set([folder]);
  for (const each of packages) {
    for (const path of stampsOf(each)) {
      const file = `${prefix}/${path}`;
      folders.add(parentOf(file));
      if (exists(disk, file)) disk.setTimes(file, now);
    }
  }
  for (const each of folders) clearDisplaced(disk, each);
  const dummy = `${folder}/.dummy`;
  if (!exists(disk, dummy)) disk.createFile(dummy, "");
  disk.setTimes(dummy, now);
}

/**
 * A stamp that make has written over tenon's, and that gave way to it again, is kept beside it. Among the
 * stamps, Sage's configure would take it for a second one of its package, and stop.
 */
function clearDisplaced(disk: Disk, folder: string): void {
  const names = listIfAny(disk, folder).map(({ name }) => name);
  const kept = names.filter((name) => /\.tenon-save(\.\d+)?$/.test(name));
  const place = `${parentOf(folder)}/displaced`;
  if (kept.length > 0) makeDirectories(disk, place);
  for (const name of kept) disk.rename(`${folder}/${name}`, `${place}/${name}`);
}

function stampsOf({ manifest }: JoinedPackage): string[] {
  return manifest.flatMap(({ type, path }) => (type === "file" && stamp.test(path) ? [path] : []));
}

/** Replaces the log of an earlier build: Sage would take its errors for this one's. */
export function keepSageLog(
  disk: Disk,
  root: string,
  { name, version, sage }: SageRecipe,
  logFiles: readonly string[],
): void {
  const folder = `${root}/logs/pkgs`;
  // What pip chooses has no version of Sage's.
  const file = `${folder}/${sage.source === "pip" ? name : `${name}-${version}`}.log`;
  makeDirectories(disk, folder);
  if (exists(disk, file)) disk.removeFile(file);
  const writer = disk.openWriter(file);
  try {
    for (const log of logFiles) writer.write(readFileIfAny(disk, log) ?? new Uint8Array());
  } finally {
    writer.close();
  }
}
