/** An artifact's manifest as a file that a person can read; its id is the digest of what it says. */
import {
  type Digest,
  digestOf,
  fromRows,
  type Manifest,
  parentOf,
  TenonError,
  toRow,
} from "../core/index.ts";
import { type Disk, isDiskError, readTextIfAny } from "../world/index.ts";
import type { StoreLayout } from "./layout.ts";

/** One entry a line. */
export function manifestText(manifest: Manifest): string {
  return `[\n${manifest.map((entry) => JSON.stringify(toRow(entry))).join(",\n")}\n]\n`;
}

/** The same in one line, which is what an artifact's id is the digest of. */
export function rowsText(manifest: Manifest): string {
  return JSON.stringify(manifest.map(toRow));
}

/** Throws where it is missing, or not what the id is the digest of: that, in one line. */
export function readManifest(disk: Disk, layout: StoreLayout, id: Digest): Manifest {
  const file = layout.artifactManifest(id);
  const text = readTextIfAny(disk, file);
  if (text === undefined) throw damaged(file, "missing");
  if (digestOf(text.replaceAll("\n", "")) !== id) throw damaged(file, "damaged");
  return fromRows(JSON.parse(text), file);
}

/** Undefined where it is missing or damaged. */
export function readIfSound(disk: Disk, layout: StoreLayout, id: Digest): Manifest | undefined {
  try {
    return readManifest(disk, layout, id);
  } catch (error) {
    if (error instanceof TenonError || isDiskError(error)) return undefined;
    throw error;
  }
}

function damaged(file: string, how: "missing" | "damaged"): TenonError {
  return new TenonError({
    kind: "machine",
    code: "STORE_DAMAGED",
    message: `the store's ${file} is ${how}`,
    hints: [`Remove ${parentOf(file)}; the next build makes it again.`],
  });
}
