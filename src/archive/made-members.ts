/** The members of an archive that were written so far: whether one more may have its name. */
import { ancestorsOf, parentOf, tooLong } from "../core/index.ts";
import type { Disk } from "../world/index.ts";
import { type ArchiveCode, quote, refusal } from "./refusal.ts";

export interface TreeWriterOptions {
  readonly disk: Disk;
  /** How errors name the archive. */
  readonly archive: string;
  /** An empty folder. */
  readonly root: string;
  /** tar lets a later member replace an earlier one of the same name. */
  readonly mayReplace: boolean;
}

type Kind = "file" | "directory" | "link";

/** By path in the tree: the kind of each member, and where each link leads. */
export interface MadeMembers {
  readonly kinds: ReadonlyMap<string, Kind>;
  readonly links: Map<string, string>;
  /** Makes a folder, unless the archive has it already. */
  directory(name: string): void;
  /** Checks a name and makes room for it; gives its absolute path. */
  claim(name: string, kind: Kind): { path: string; place: string };
}

export function startMembers(options: TreeWriterOptions): MadeMembers {
  const { disk, root, archive } = options;
  const kinds = new Map<string, Kind>();
  const links = new Map<string, string>();
  const refuse = (code: ArchiveCode, what: string, name: string): Error =>
    refusal(code, { archive, member: name }, what);
  const addDirectory = (path: string): void => {
    disk.makeDirectory(`${root}/${path}`);
    kinds.set(path, "directory");
  };
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
  const claim: MadeMembers["claim"] = (name, kind) => {
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
  const directory = (name: string): void => {
    const path = cleanName(archive, name);
    if (path === "" || kinds.get(path) === "directory") return;
    makeParents(path, name);
    if (kinds.has(path)) claim(name, "directory");
    addDirectory(path);
  };
  return { kinds, links, directory, claim };
}

/** The name without `.` and doubled slashes; empty for the archive's own root. */
export function cleanName(archive: string, name: string, linkedBy?: string): string {
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
