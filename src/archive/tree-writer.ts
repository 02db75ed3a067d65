/** Writing an archive's members below one folder and nowhere else (I11). */
import { longestPathBytes } from "../core/index.ts";
import type { Disk } from "../world/index.ts";
import { escapes } from "./link-check.ts";
import {
  cleanName,
  type MadeMembers,
  startMembers,
  type TreeWriterOptions,
} from "./made-members.ts";
import { quote, refusal } from "./refusal.ts";

/**
 * Names are those of the archive. Nothing is ever written through a symlink: what the archive made
 * so far is known by name, and a member below a link is refused. Where links lead is checked by
 * `finish`, when all of them are known, since one link can change what another one means.
 */
export interface TreeWriter {
  directory(name: string): void;
  /** The mode is 0755 when the owner may execute the file, and 0644 else. */
  file(name: string, facts: { mode: number; modifiedMs: number }): MemberWriter;
  link(name: string, target: string, modifiedMs: number): void;
  hardLink(name: string, target: string): void;
  /** The folder that holds the content: of a single top folder that folder, unless it is kept. */
  finish(options: { keepRoot: boolean }): string;
}

interface MemberWriter {
  write(chunk: Uint8Array): void;
  close(): void;
}

export function startTree(options: TreeWriterOptions): TreeWriter {
  const { disk, root, archive } = options;
  const made = startMembers(options);
  const makeLink = (name: string, target: string): string => {
    if (target === "" || target.includes("\0") || Buffer.byteLength(target) > longestPathBytes)
      throw refuseLink(archive, name, "is a symlink with a target that cannot be");
    const { path, place } = made.claim(name, "link");
    disk.makeLink(place, target);
    made.links.set(path, target);
    return place;
  };
  return {
    directory: made.directory,
    file: (name, { mode, modifiedMs }) => {
      const { place } = made.claim(name, "file");
      const writer = disk.openWriter(place, { mode: (mode & 0o100) === 0 ? 0o644 : 0o755 });
      return {
        write: (chunk) => writer.write(chunk),
        close: () => {
          writer.close();
          setTimes(disk, place, modifiedMs);
        },
      };
    },
    link: (name, target, modifiedMs) => setTimes(disk, makeLink(name, target), modifiedMs),
    hardLink: (name, target) => {
      const origin = cleanName(archive, target, name);
      if (origin === cleanName(archive, name)) return checkLinkToItself(archive, made, name);
      const linked = made.links.get(origin);
      if (linked !== undefined) return void makeLink(name, linked);
      if (made.kinds.get(origin) !== "file")
        throw refuseLink(
          archive,
          name,
          `is a hard link to ${quote(target)}, which is not a file before it in the archive`,
        );
      disk.hardLink(`${root}/${origin}`, made.claim(name, "file").place);
    },
    finish: ({ keepRoot }) => {
      const top = keepRoot ? undefined : singleFolder(made.kinds);
      checkLinks(archive, made.links, top === undefined ? 0 : 1);
      return top === undefined ? root : `${root}/${top}`;
    },
  };
}

function refuseLink(archive: string, name: string, what: string): Error {
  return refusal("LINK", { archive, member: name }, what);
}

/** npm and others have packed hard links of a member to itself; they change nothing. */
function checkLinkToItself(archive: string, { kinds }: MadeMembers, name: string): void {
  const kind = kinds.get(cleanName(archive, name));
  if (kind !== "file" && kind !== "link")
    throw refuseLink(archive, name, "is a hard link to itself");
}

function checkLinks(archive: string, links: ReadonlyMap<string, string>, depth: number): void {
  for (const [path, target] of links)
    if (escapes(path, links, depth))
      throw refuseLink(
        archive,
        path,
        `is a symlink to ${quote(target)}, which leads out of the archive`,
      );
}

function singleFolder(kinds: MadeMembers["kinds"]): string | undefined {
  const top = [...kinds.keys()].filter((path) => !path.includes("/"));
  const [only] = top;
  return top.length === 1 && only !== undefined && kinds.get(only) === "directory"
    ? only
    : undefined;
}

const latestMs = 253_402_300_799_000; // the last second of the year 9999

/** Build systems compare the times of generated files and of their sources. */
function setTimes(disk: Disk, place: string, modifiedMs: number): void {
  disk.setTimes(place, Math.min(Math.max(modifiedMs, 0), latestMs));
}
