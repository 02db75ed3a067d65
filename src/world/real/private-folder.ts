/** Folders in which nobody else can have written anything: what is in them may be run. */
import * as fs from "node:fs";
import { dirname } from "node:path";

/**
 * The folder by its real path, made for the caller alone where it is missing. Undefined where it, or
 * a folder above it, is another user's or lets others write, or where it cannot be made. (In a folder
 * with the sticky bit, `/tmp` for one, nobody can replace what is another's.)
 */
export function privateFolder(path: string): string | undefined {
  try {
    fs.mkdirSync(path, { recursive: true, mode: 0o700 });
    const real = fs.realpathSync.native(path);
    const own = process.getuid?.();
    const isSafe = foldersTo(real).every((folder) => {
      const { uid, mode } = fs.lstatSync(folder);
      const isSticky = folder !== real && (mode & 0o1000) !== 0;
      return (uid === own || uid === 0) && ((mode & 0o022) === 0 || isSticky);
    });
    return isSafe ? real : undefined;
  } catch {
    return undefined;
  }
}

function foldersTo(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [path] : [...foldersTo(parent), path];
}
