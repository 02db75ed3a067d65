/**
 * What Sage looks at, kept so that its make finds tenon's packages built: the times of their stamps, the
 * stamp that stands for what the machine has, and a log in logs/pkgs. Stamps themselves come with the
 * packages.
 */
import { dirname } from "node:path";
import { recipeOf } from "../plan/index.ts";
import { type PackageRecord, readRecords } from "../prefix/index.ts";
import { exists, isDiskError, makeDirectories, readFileIfAny } from "../world/index.ts";
import { logsOf } from "../workspace/index.ts";
import type { Session } from "../workspace/index.ts";

/**
 * The link by which a checkout's scripts call a folder of the prefix that they think elsewhere. The
 * folder is made as well, so that Sage's own make can go on from there at any time.
 */
export function makeEntrance({ world, workspace, options }: Session): void {
  if (workspace.entrance === undefined) return;
  const { path, target } = workspace.entrance;
  makeDirectories(world.disk, target);
  makeDirectories(world.disk, dirname(path));
  try {
    world.disk.makeLink(path, target);
  } catch (error) {
    const isMade = isDiskError(error, "EEXIST") && world.disk.status(path)?.type === "link";
    if (isMade && world.disk.readLink(path) === target) return; // another tenon was faster
    throw error;
  }
  options.emit({ kind: "note", text: `${path} is now a symbolic link to ${target}` });
}

const stamp = /(^|\/)var\/lib\/sage\/installed\/[^/]+$/;

/**
 * make would build again what is older than something that it needs, though tenon knows that it would
 * come out the same. So all stamps of tenon's packages get one time. Those of others are left alone:
 * what they need may have changed.
 */
export function settleStamps({ world, layout, workspace }: Session): void {
  if (workspace.checkout === undefined) return;
  const { disk, clock } = world;
  const now = clock.now();
  for (const record of readRecords(disk, layout).values()) {
    for (const path of stampsOf(record)) {
      const file = `${layout.prefix}/${path}`;
      if (exists(disk, file)) disk.setTimes(file, now);
    }
  }
  const folder = `${layout.prefix}/var/lib/sage/installed`;
  makeDirectories(disk, folder);
  const dummy = `${folder}/.dummy`;
  if (!exists(disk, dummy)) disk.createFile(dummy, "");
  disk.setTimes(dummy, now);
}

function stampsOf({ manifest }: PackageRecord): string[] {
  return manifest.flatMap(({ type, path }) => (type === "file" && stamp.test(path) ? [path] : []));
}

/** Replaces the log of an earlier build: Sage would take its errors for this one's. */
export function keepSageLog(session: Session, run: string, name: string): void {
  const { workspace, world } = session;
  const { disk } = world;
  if (workspace.checkout === undefined) return;
  const { version, sage } = recipeOf(workspace.recipes, name);
  const folder = `${workspace.checkout}/logs/pkgs`;
  // What pip chooses has no version of Sage's.
  const file = `${folder}/${sage?.source === "pip" ? name : `${name}-${version}`}.log`;
  const logs = logsOf(session, run, name);
  if (logs.length === 0) return;
  try {
    makeDirectories(disk, folder);
    if (exists(disk, file)) disk.removeFile(file);
    const writer = disk.openWriter(file);
    try {
      for (const log of logs) writer.write(readFileIfAny(disk, log.file) ?? new Uint8Array());
    } finally {
      writer.close();
    }
  } catch (error) {
    if (!isDiskError(error)) throw error;
    session.options.emit({ kind: "note", package: name, text: error.message });
  }
}
