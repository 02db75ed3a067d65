/** Writing an archive's members below one folder and nowhere else (I11). */
import { ancestorsOf, longestPathBytes, parentOf, tooLong } from "../core/index.ts";
import type { Disk } from "../world/index.ts";
import { escapes } from "./link-check.ts";
import { type ArchiveCode, quote, refusal } from "./refusal.ts";

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

export interface MemberWriter {
  write(chunk: Uint8Array): void;
  close(): void;
}

export interface TreeOptions {
  readonly disk: Disk;
  /** How errors name the archive. */
  readonly archive: string;
  /** An empty folder. */
  readonly root: string;
  /** tar lets a later member replace an earlier one of the same name. */
  readonly mayReplace: boolean;
}

type Kind = "file" | "directory" | "link";

export function startTree(options: TreeOptions): TreeWriter {
  const { disk, root, archive } = options;
  const kinds = new Map<string, Kind>();
  const links = new Map<string, string>();
  const refuse = (code: ArchiveCode, what: string, name: string): Error =>
    refusal(code, { archive, member: name }, what);

  const makeParents = (path: string, name: string): void => {
    if (path === "" || kinds.get(parentOf(path)) === "directory") return;
    for (const ancestor of ancestorsOf(path)) {
      const kind = kinds.get(ancestor);
      if (kind === "link")
        throw refuse("ESCAPE", `lies below the symlink ${quote(ancestor)}`, name);
      if (kind === "file")
        throw refuse("DUPLICATE", `lies below the file ${quote(ancestor)}`, name);
      if (kind === undefined) addDirectory(ancestor);
    }
  };
  const addDirectory = (path: string): void => {
    disk.makeDirectory(`${root}/${path}`);
    kinds.set(path, "directory");
  };
  /** Checks a name and makes room for it; gives its absolute path. */
  const claim = (name: string, kind: Kind): { path: string; place: string } => {
    const path = cleanName(archive, name);
    if (path === "") throw refuse("NAME", "has an empty name", name);
    makeParents(path, name);
    const present = kinds.get(path);
    if (present !== undefined) {
      if (!options.mayReplace) throw refuse("DUPLICATE", "is there twice", name);
      if (present === "directory")
        throw refuse("DUPLICATE", "would replace a folder of the same name", name);
      disk.removeFile(`${root}/${path}`);
      links.delete(path);
    }
    kinds.set(path, kind);
    return { path, place: `${root}/${path}` };
  };

  const makeLink = (name: string, target: string): string => {
    if (target === "" || target.includes("\0") || Buffer.byteLength(target) > longestPathBytes)
      throw refuse("LINK", "is a symlink with a target that cannot be", name);
    const { path, place } = claim(name, "link");
    disk.makeLink(place, target);
    links.set(path, target);
    return place;
  };

  return {
    directory: (name) => {
      const path = cleanName(archive, name);
      if (path === "" || kinds.get(path) === "directory") return;
      makeParents(path, name);
      if (kinds.has(path)) claim(name, "directory");
      addDirectory(path);
    },
    file: (name, { mode, modifiedMs }) => {
      const { place } = claim(name, "file");
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
      if (origin === cleanName(archive, name)) {
        const kind = kinds.get(origin);
        if (kind === "file" || kind === "link") return; // as npm and others have packed it
        throw refuse("LINK", "is a hard link to itself", name);
      }
      const linked = links.get(origin);
      if (linked !== undefined) return void makeLink(name, linked);
      if (kinds.get(origin) !== "file")
        throw refuse(
          "LINK",
          `is a hard link to ${quote(target)}, which is not a file before it in the archive`,
          name,
        );
      disk.hardLink(`${root}/${origin}`, claim(name, "file").place);
    },
    finish: ({ keepRoot }) => {
      const top = keepRoot ? undefined : singleFolder(kinds);
      for (const [path, target] of links) {
        if (escapes(path, links, top === undefined ? 0 : 1))
          throw refuse(
            "LINK",
            `is a symlink to ${quote(target)}, which leads out of the archive`,
            path,
          );
      }
      return top === undefined ? root : `${root}/${top}`;
    },
  };
}

/** The name without `.` and doubled slashes; empty for the archive's own root. */
function cleanName(archive: string, name: string, linkedBy?: string): string {
  const refuse = (code: ArchiveCode, what: string): Error =>
    linkedBy === undefined
      ? refusal(code, { archive, member: name }, what)
      : refusal(
          "LINK",
          { archive, member: linkedBy },
          `is a hard link to ${quote(name)}, which ${what}`,
        );
  if (name === "") throw refuse("NAME", "has an empty name");
  if (name.includes("\0")) throw refuse("NAME", "has a NUL byte in its name");
  if (name.startsWith("/")) throw refuse("ESCAPE", "has an absolute name");
  const names = name.split("/").filter((part) => part !== "" && part !== ".");
  if (names.includes("..")) throw refuse("ESCAPE", "has '..' in its name");
  if (tooLong(name) !== undefined)
    throw refuse("NAME", "has a name that is too long for a file system");
  return names.join("/");
}

function singleFolder(kinds: ReadonlyMap<string, Kind>): string | undefined {
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
