/** A workspace for what is imported, where there is none yet. */
import { dirname } from "node:path";
import { findWorkspace } from "../recipe/index.ts";
import { makeDirectories, type World } from "../world/index.ts";

const text = `[workspace]
prefix = "prefix"
recipes = "packages"
python = "python3"
`;

/** For an import that failed: nothing is left of it. */
export function takeBackWorkspace({ disk }: World, file: string): void {
  disk.removeFile(file);
  const folder = `${dirname(file)}/packages`;
  if (disk.list(folder).length === 0) disk.removeDirectory(folder);
}

/** The new `tenon.toml`, when none was found in the folder or above it. */
export function findWorkspaceOrMake(world: World, directory: string): string | undefined {
  if (findWorkspace(world.disk, directory) !== undefined) return undefined;
  makeDirectories(world.disk, `${directory}/packages`);
  const file = `${directory}/tenon.toml`;
  world.disk.createFile(file, text);
  return file;
}
