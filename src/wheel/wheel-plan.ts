/** Where each file of a wheel goes, before anything is written; pure. */
import { isByProduct, joinPath, nameOf } from "../core/index.ts";
import type { ZipEntry } from "../archive/index.ts";
import { normalizeProject } from "../requirements/index.ts";
import { wheelError } from "./wheel-error.ts";
import { isDataFolder, isUnlisted, type Wheel } from "./wheel.ts";

/** Where an interpreter looks for each kind of file, relative to the prefix; may be empty. */
export interface InstallScheme {
  readonly purelib: string;
  readonly platlib: string;
  readonly scripts: string;
  /** The distribution's own folder is made below it. */
  readonly headers: string;
  readonly data: string;
}

interface PlacedMember {
  readonly member: ZipEntry;
  /** Relative to the prefix. */
  readonly path: string;
  readonly isScript: boolean;
}

/** The folder that holds the packages and the dist-info folder of this wheel. */
function siteOf(wheel: Wheel, scheme: InstallScheme): string {
  return wheel.isPure ? scheme.purelib : scheme.platlib;
}

/** Leaves out by-products and what the installer writes itself. */
export function placeMembers(wheel: Wheel, scheme: InstallScheme): PlacedMember[] {
  const generated = new Set(wheel.scripts.map(({ name }) => name));
  const placements: PlacedMember[] = [];
  for (const member of wheel.members.values()) {
    if (isReplaced(wheel, member.name)) continue;
    if (isByProduct(member.name)) {
      refuseWithoutSource(wheel, member.name);
      continue;
    }
    const placement = place(wheel, scheme, member);
    // Old build tools put the script of an entry point into the wheel, too.
    if (placement.isScript && generated.has(nameOf(placement.path))) continue;
    placements.push(placement);
  }
  return placements;
}

function place(wheel: Wheel, scheme: InstallScheme, member: ZipEntry): PlacedMember {
  const [folder = "", kind = "", ...names] = member.name.split("/");
  if (!folder.endsWith(".data"))
    return { member, path: joinPath(siteOf(wheel, scheme), member.name), isScript: false };
  const targets: Readonly<Record<string, string>> = {
    purelib: scheme.purelib,
    platlib: scheme.platlib,
    scripts: scheme.scripts,
    headers: joinPath(scheme.headers, normalizeProject(wheel.name)), // as pip and uv spell it
    data: scheme.data,
  };
  const refuse = (what: string): Error =>
    wheelError("WHEEL_MEMBER", wheel.fileName, what, member.name);
  if (!isDataFolder(wheel, folder)) throw refuse("is in a .data folder of another name or version");
  const target = Object.hasOwn(targets, kind) ? targets[kind] : undefined;
  if (target === undefined || names.length === 0)
    throw refuse("is in no folder of .data that a wheel may have");
  return { member, path: joinPath(target, names.join("/")), isScript: kind === "scripts" };
}

/** Python imports a `.pyc` that stands where a module would; without it the module would be missing. */
function refuseWithoutSource(wheel: Wheel, path: string): void {
  if (path.includes("__pycache__/") || wheel.members.has(path.replace(/[co]$/, ""))) return;
  throw wheelError(
    "WHEEL_MEMBER",
    wheel.fileName,
    "is bytecode without its source, which tenon does not install",
    path,
  );
}

/** Signatures of the wheel's RECORD say nothing of the new one. */
function isReplaced(wheel: Wheel, path: string): boolean {
  return (
    isUnlisted(wheel.distInfo, path) ||
    path === `${wheel.distInfo}/INSTALLER` ||
    path === `${wheel.distInfo}/REQUESTED` ||
    path === `${wheel.distInfo}/direct_url.json`
  );
}
