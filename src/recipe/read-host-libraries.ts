/** Reads what `[check]` says of the machine's libraries, in tenon.toml and in a recipe. */
import type { Document } from "./document.ts";
import { type HostLibraryMode, hostLibraryModes, type Workspace } from "./recipe.ts";
import type { RawWorkspaceFile } from "./schema.ts";
import { didYouMean, nameOfKey, oneOf, quote } from "./wording.ts";

export function readLibrarySettings(
  document: Document,
  check: RawWorkspaceFile["check"],
  usual: HostLibraryMode,
): Pick<Workspace, "hostLibraries" | "systemLibraries"> {
  const systemLibraries = check?.["system-libraries"] ?? [];
  systemLibraries.forEach((name, index) => {
    if (/^[^\s/]+$/.test(name)) return;
    const at = ["check", "system-libraries", index];
    const what = `${nameOfKey(at)}, ${quote(name)}, is not the name of a library`;
    const expected = 'a name as programs ask for it, such as "libGL.so.1"';
    document.report({ code: "VALUE", at, what, expected });
  });
  const hostLibraries = readHostLibraries(document, check?.["host-libraries"]) ?? usual;
  return { hostLibraries, systemLibraries };
}

export function readHostLibraries(
  document: Document,
  value: string | undefined,
): HostLibraryMode | undefined {
  const known = hostLibraryModes.find((mode) => mode === value);
  if (value === undefined || known !== undefined) return known;
  const what = `check.host-libraries ${quote(value)} is unknown`;
  const expected = `${oneOf(hostLibraryModes)}${didYouMean(value, hostLibraryModes)}`;
  document.report({ code: "VALUE", at: ["check", "host-libraries"], what, expected });
  return undefined;
}
