/** What of a package's own files can do without the prefix's path, does; and RECORD says of them what they are then. */
import type { Entry, FileEntry, Manifest } from "../core/index.ts";
import { isRecordPath } from "../relocation/index.ts";
import { makeIndependent, replaceContent } from "../stage/index.ts";
import { renewRecord } from "../wheel/index.ts";
import { type Disk, readText } from "../world/index.ts";
import { buildFolder, workFolders } from "../view/index.ts";
import type { PackageBuild } from "./package-build.ts";

/** The entries that are others now, by path. A dependency's file that was only touched is not among the package's own. */
export function settleOwn(
  { context, job, places }: PackageBuild,
  manifest: Manifest,
): Map<string, Entry> {
  const { disk } = context.world;
  const { prefix, stage, workInside } = places;
  const changed: Entry[] = makeIndependent(disk, stage, {
    manifest,
    prefixes:
      job.livePrefix === undefined ? [...new Set([prefix, disk.realPath(prefix)])] : [prefix],
    gone: [workInside, buildFolder, `${prefix}/${workFolders}`],
  });
  const files = changed.filter((entry) => entry.type === "file");
  changed.push(...renewRecords(disk, stage, { manifest, files }));
  return new Map(changed.map((entry) => [entry.path, entry]));
}

/** Has each RECORD say what these files are now; gives those that are others then. */
export function renewRecords(
  disk: Disk,
  stage: string,
  { manifest, files }: { readonly manifest: Manifest; readonly files: readonly FileEntry[] },
): FileEntry[] {
  const records = files.length === 0 ? [] : manifest.filter(isRecord);
  return records.flatMap((entry) => {
    const text = renewRecord(entry.path, readText(disk, `${stage}/${entry.path}`), files);
    if (text === undefined) return [];
    return [replaceContent(disk, stage, { entry, content: Buffer.from(text) })];
  });
}

export function isRecord(entry: Entry): entry is FileEntry {
  return entry.type === "file" && isRecordPath(entry.path);
}
