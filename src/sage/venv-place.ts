/**
 * Where the files of SAGE_VENV lie. A prefix is one tree, so they are always in SAGE_LOCAL; a SAGE_VENV
 * elsewhere is a symbolic link to a folder there, and all that is written by its name ends up in it.
 */
import { dirname, resolve } from "node:path";
import { isWithin } from "../core/index.ts";
import type { Disk } from "../world/index.ts";

export interface VenvPlace {
  /** In SAGE_LOCAL, absolute: SAGE_VENV itself, or what it is a link to. */
  readonly folder: string;
  /** Of one elsewhere, where the link is not there: it is to be made, or cannot be, for something else is there. */
  readonly link?: "missing" | "blocked";
}

export function findVenv(
  disk: Disk,
  configured: { readonly local: string; readonly venv: string; readonly pythonMinor: string },
): VenvPlace {
  const { local, venv, pythonMinor } = configured;
  if (isWithin(venv, local)) return { folder: venv };
  const folder = `${local}/var/lib/sage/venv-python3.${pythonMinor}`; // where Sage has it, unless told
  const status = disk.status(venv);
  if (status === undefined) return { folder, link: "missing" };
  if (status.type !== "link") return { folder, link: "blocked" };
  const target = resolve(dirname(venv), disk.readLink(venv));
  return isWithin(target, local) ? { folder: target } : { folder, link: "blocked" };
}
