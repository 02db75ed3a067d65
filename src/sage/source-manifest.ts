/**
 * MANIFEST.in of a Python project: which files of its folder make up its source. Its commands are carried
 * out one after the other, as setuptools does; here they begin with all files that there are.
 */

/** Names of files by the folder that they lie in, which is empty for the project's own. */
type Folders = ReadonlyMap<string, readonly string[]>;

/** `files` are relative to the project's folder. */
export function selectFiles(manifest: string, files: readonly string[]): string[] {
  const folders = byFolder(files);
  const taken = new Set(files);
  for (const line of manifest.replaceAll("\\\n", " ").split("\n")) {
    const [command = "", ...words] = line.replace(/#.*/, "").split(/\s+/).filter(Boolean);
    const isAdded = /include$|^graft$/.test(command);
    for (const file of filesOf(command, words, folders)) {
      if (isAdded) taken.add(file);
      else taken.delete(file);
    }
  }
  return files.filter((file) => taken.has(file));
}

/** What a command is about; nothing where it is none. */
function filesOf(command: string, words: readonly string[], folders: Folders): string[] {
  const [folder = "", ...names] = words;
  switch (command) {
    case "include":
    case "exclude":
      return words.flatMap((path) => matching(folders, isLike(parentOf(path)), [nameOf(path)]));
    case "recursive-include":
    case "recursive-exclude":
      return matching(folders, isBelow(folder), names);
    case "global-include":
    case "global-exclude":
      return matching(folders, () => true, words);
    case "graft":
    case "prune":
      return words.flatMap((path) => matching(folders, isBelow(path), ["*"]));
    default:
      return [];
  }
}

function matching(
  folders: Folders,
  isMeant: (folder: string) => boolean,
  patterns: readonly string[],
): string[] {
  const likes = patterns.map(isLike);
  const found: string[] = [];
  for (const [folder, names] of folders) {
    if (!isMeant(folder)) continue;
    for (const name of names) {
      if (likes.some((like) => like(name))) found.push(folder === "" ? name : `${folder}/${name}`);
    }
  }
  return found;
}

function isBelow(written: string): (folder: string) => boolean {
  const pattern = written.replace(/\/+$/, "");
  if (pattern === "" || pattern === ".") return () => true;
  const isIt = isLike(pattern);
  const depth = pattern.split("/").length;
  return (folder) => isIt(folder.split("/").slice(0, depth).join("/"));
}

/** A pattern of a shell's: neither `*` nor `?` is a slash. */
function isLike(pattern: string): (text: string) => boolean {
  if (!/[*?[]/.test(pattern)) return (text) => text === pattern;
  const written = pattern.replaceAll(
    /\*+|\?|\[!?[^\]]+\]|[.+^${}()|[\]\\]/g,
    (part) => wildcards[part[0] ?? ""]?.(part) ?? `\\${part}`,
  );
  const like = new RegExp(`^${written}$`);
  return (text) => like.test(text);
}

const wildcards: Readonly<Record<string, (part: string) => string>> = {
  "*": () => "[^/]*",
  "?": () => "[^/]",
  "[": (part) => (part.length > 1 ? part.replace("[!", "[^").replaceAll("\\", "\\\\") : "\\["),
};

function byFolder(files: readonly string[]): Folders {
  const folders = new Map<string, string[]>();
  for (const file of files) {
    const folder = parentOf(file);
    const names = folders.get(folder) ?? [];
    if (names.length === 0) folders.set(folder, names);
    names.push(nameOf(file));
  }
  return folders;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), 0));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
