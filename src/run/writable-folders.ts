/**
 * What the caller lets builds write to besides their own folders: `TENON_WRITABLE`, for a compiler's cache. It is
 * the caller's word alone, since a recipe or a workspace may come from somebody else (I15, I17).
 */
import { isWithin, TenonError } from "../core/index.ts";
import type { Session } from "../workspace/index.ts";

/** Throws a TenonError of kind `usage` for what would open more than a folder. */
export function writableFolders(session: Session): readonly string[] {
  const { TENON_WRITABLE: told = "" } = session.options.environment;
  const folders = told.split(":").filter((folder) => folder !== "");
  for (const folder of folders) {
    const defect = defectOf(session, folder);
    if (defect === undefined) continue;
    throw new TenonError({
      kind: "usage",
      code: "WRITABLE_REFUSED",
      message: `TENON_WRITABLE names ${folder}, ${defect}`,
      hints: [
        "Name absolute paths of folders that are there, with colons between them, or unset it.",
      ],
    });
  }
  return folders;
}

function defectOf({ world, store, layout }: Session, folder: string): string | undefined {
  if (!folder.startsWith("/")) return "which is not an absolute path";
  if (world.disk.statusOfTarget(folder)?.type !== "directory") return "where there is no folder";
  const real = world.disk.realPath(folder);
  const closed = Object.entries({ "the store": store.layout.root, "the prefix": layout.prefix });
  const [touched] = closed.find(([, path]) => isWithin(path, real) || isWithin(real, path)) ?? [];
  if (touched !== undefined) return `which builds may not write to because of ${touched}`;
  return real === "/" ? "which is the whole machine" : undefined;
}
