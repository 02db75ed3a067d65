/** Stale bytecode goes with the module that it was made from (I5). */
import { ancestorsOf, joinPath, nameOf, parentOf } from "../core/index.ts";
import { type Disk, isDiskError, removeTree } from "../world/index.ts";
import type { JournalStep } from "./journal.ts";
import { isLasting } from "./lasting-errors.ts";
import type { Workplace } from "./workplace.ts";

/**
 * Removes the bytecode of each module that changed or left, exactly: in `__pycache__` (PEP 3147
 * names it after the source), and beside the module, where Python would import it even without a
 * source. What may not be removed (root's, after `sudo python`) blocks nothing; it gives a note.
 */
export function sweepByProducts(
  disk: Disk,
  workplace: Workplace,
  steps: readonly JournalStep[],
): string[] {
  const grafted = new Set(steps.filter(({ kind }) => kind === "graft").map(({ path }) => path));
  // Where a directory made room for something else, that may be a link to another directory.
  const isThere = (path: string): boolean => !ancestorsOf(path).some((each) => grafted.has(each));
  return steps
    .filter(({ kind, path }) => kind !== "graft" && path.endsWith(".py") && isThere(path))
    .flatMap(({ path }) => {
      try {
        sweepModule(disk, `${workplace.layout.prefix}/${parentOf(path)}`, nameOf(path));
        return [];
      } catch (error) {
        if (!isLasting(error)) throw error;
        return [`${path} may have stale bytecode: ${error.message}`];
      }
    });
}

function sweepModule(disk: Disk, directory: string, module: string): void {
  const stem = module.slice(0, -".py".length);
  for (const name of [`${stem}.pyc`, `${stem}.pyo`]) {
    if (disk.status(joinPath(directory, name))?.type === "file") {
      disk.removeFile(joinPath(directory, name));
    }
  }
  const folder = joinPath(directory, "__pycache__");
  if (disk.status(folder)?.type !== "directory") return;
  const stale = disk.list(folder).filter(({ name }) => isBytecodeOf(name, `${stem}.`));
  for (const { name } of stale) removeTree(disk, `${folder}/${name}`);
  if (stale.length > 0 && disk.list(folder).length === 0) removeIfEmpty(disk, folder);
}

function isBytecodeOf(name: string, start: string): boolean {
  return name.startsWith(start) && /^[^.]*(\.opt-\d)?\.pyc$/.test(name.slice(start.length));
}

function removeIfEmpty(disk: Disk, directory: string): void {
  try {
    disk.removeDirectory(directory);
  } catch (error) {
    if (!isDiskError(error, "ENOTEMPTY", "ENOENT", "EEXIST")) throw error;
  }
}
