/** Lists the recipe files of a folder: `NAME.toml`, and `NAME/recipe.toml`. */
import type { Disk } from "../world/index.ts";
import { inputKinds, readInput } from "./read-input.ts";

interface FoundFile {
  readonly name: string;
  /** Absolute. */
  readonly file: string;
  /** Relative to the folder. */
  readonly path: string;
  readonly content: Uint8Array;
}

/** In the order of the folder. Hidden files, and folders without a recipe, are left out. */
export function readRecipeFiles(disk: Disk, folder: string, except: string): FoundFile[] {
  const found: FoundFile[] = [];
  for (const item of disk.list(folder)) {
    if (item.name.startsWith(".") || item.rawName !== undefined) continue;
    const isPlain = item.type !== "directory" && item.name.endsWith(".toml");
    const path = isPlain ? item.name : `${item.name}/recipe.toml`;
    const file = `${folder}/${path}`;
    if (file === except || (!isPlain && item.type === "file")) continue;
    const name = isPlain ? item.name.slice(0, -".toml".length) : item.name;
    const read = readInput(disk, file, inputKinds.recipe);
    const content = read ?? (isPlain ? disk.readFile(file) : undefined); // a link to nothing fails
    if (content !== undefined) found.push({ name, file, path, content });
  }
  return found;
}
