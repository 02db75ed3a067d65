/** The files in the JSON form of a simple index's page (PEP 691). */
import { isDigest } from "../core/index.ts";
import { type Address, addressFrom } from "./address.ts";
import type { ProjectFile } from "./project-file.ts";

interface JsonPage {
  /** As it was asked for. */
  readonly page: Address;
  /** Where it was found, after redirects: what links are relative to. */
  readonly base: string;
}

/** Undefined for what is not such a page; a file that is not as the format says is left out. */
export function readProjectJson(text: string, origin: JsonPage): ProjectFile[] | undefined {
  const files = (parse(text) as { files?: unknown } | null | undefined)?.files;
  if (!Array.isArray(files)) return undefined;
  return files.flatMap((file: unknown) => fileFrom(file, origin));
}

interface JsonFile {
  readonly filename?: unknown;
  readonly url?: unknown;
  readonly hashes?: { readonly sha256?: unknown } | null;
  readonly size?: unknown;
  readonly "requires-python"?: unknown;
  readonly yanked?: unknown;
}

function fileFrom(value: unknown, { page, base }: JsonPage): ProjectFile[] {
  const file = (value ?? {}) as JsonFile;
  if (typeof file.filename !== "string" || typeof file.url !== "string") return [];
  if (!URL.canParse(file.url, base)) return [];
  const sha256 = file.hashes?.sha256;
  const requiresPython = file["requires-python"];
  const { yanked, size } = file;
  const found = {
    name: file.filename,
    address: addressFrom(page, new URL(file.url, base).href),
    ...(typeof sha256 === "string" && isDigest(sha256) ? { sha256 } : {}),
    ...(Number.isSafeInteger(size) && Number(size) >= 0 ? { sizeBytes: Number(size) } : {}),
    ...(typeof requiresPython === "string" ? { requiresPython } : {}),
    ...(typeof yanked === "string" ? { yanked } : yanked === true ? { yanked: "" } : {}),
  };
  return [found];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
