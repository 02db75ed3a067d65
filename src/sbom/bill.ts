/** What a bill of materials (SBOM) says, before it is written in one of the published forms. */
import type { Digest, PublishedSource } from "../core/index.ts";

export interface Bill {
  /** What the packages are together. */
  readonly name: string;
  /** The version of tenon. */
  readonly tool: string;
  /** Milliseconds since 1970. */
  readonly createdAtMs: number;
  /** Sorted by name. */
  readonly packages: readonly BilledPackage[];
}

export interface BilledPackage {
  readonly name: string;
  readonly version: string;
  /** The digest of the list of its files. */
  readonly artifact: Digest;
  /** Names of packages that are in the bill, too. */
  readonly depends: readonly string[];
  readonly licence?: StatedLicence;
  readonly homepage?: string;
  readonly source?: PublishedSource;
  /** It is a distribution of Python, of which the package index has one by this name. */
  readonly isPython: boolean;
  /** Absent where files are left out. */
  readonly files?: readonly BilledFile[];
}

/** In SPDX's words, or in the author's own. */
export type StatedLicence = { readonly expression: string } | { readonly text: string };

export interface BilledFile {
  /** Relative to the prefix. */
  readonly path: string;
  readonly sha256: Digest;
  /** 40 hex digits; SPDX wants it of each file. */
  readonly sha1?: string;
}

/** The package URL (purl), by which scanners know a package. */
export function packageUrl({ name, version, isPython, source }: BilledPackage): string {
  const start = (type: string): string => `pkg:${type}/${encode(name)}@${encode(version)}`;
  if (source?.place.startsWith("pkg:") === true || isPython) return start("pypi");
  if (source === undefined) return start("generic");
  const { place, sha256 } = source;
  const address = `${place.startsWith("git+") ? "vcs_url" : "download_url"}=${encode(place)}`;
  const checksum = sha256 === undefined ? "" : `checksum=sha256:${sha256}&`;
  return `${start("generic")}?${checksum}${address}`;
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll("%3A", ":");
}

/** The address of a source that has one of its own. */
export function publicAddressOf(source: PublishedSource | undefined): string | undefined {
  return source === undefined || source.place.startsWith("pkg:") ? undefined : source.place;
}

/** A UUID that is made of a digest (RFC 9562, version 8), so that the same content has the same name. */
export function uuidOf(digest: Digest): string {
  const variant = ((Number.parseInt(digest[16] ?? "0", 16) & 3) | 8).toString(16);
  const parts = [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `${variant}${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ];
  return parts.join("-");
}

/** `2026-11-30T12:00:00Z`. */
export function momentOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
