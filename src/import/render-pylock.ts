/** The text of a pylock.toml (PEP 751), in the order in which the standard names its keys. */
import type { Digest } from "../core/index.ts";

export interface Pylock {
  /** Markers, one of which has to hold where it is installed. */
  readonly environments: readonly string[];
  readonly requiresPython: string;
  readonly packages: readonly PylockPackage[];
}

export interface PylockPackage {
  readonly name: string;
  readonly version: string;
  readonly index?: string;
  readonly vcs?: Place & { readonly requestedRevision?: string; readonly commit: string } & Below;
  readonly directory?: { readonly path: string } & Below;
  readonly archive?: Place & { readonly sha256: Digest } & Below;
  readonly sdist?: PylockFile;
  readonly wheels?: readonly PylockFile[];
}

export type PylockFile = Place & {
  readonly name: string;
  readonly size?: number;
  readonly sha256: Digest;
};

type Place = { readonly url: string } | { readonly path: string };

interface Below {
  /** Of the project in its source. */
  readonly subdirectory?: string;
}

export function renderPylock({ environments, requiresPython, packages }: Pylock): string {
  const head = [
    `lock-version = "1.0"`,
    `environments = [${environments.map(text).join(", ")}]`,
    `requires-python = ${text(requiresPython)}`,
    `created-by = "tenon"`,
  ];
  // Without a package, the key has to be there all the same.
  if (packages.length === 0) head.push("packages = []");
  return [head, ...packages.map(linesOf)].map((lines) => `${lines.join("\n")}\n`).join("\n");
}

function linesOf(entry: PylockPackage): string[] {
  const { name, version, index, vcs, directory, archive, sdist, wheels } = entry;
  const keys = [
    ["name", text(name)],
    ["version", text(version)],
    ["index", index && text(index)],
    ["vcs", vcs && table({ type: "git", ...placeOf(vcs), ...commitOf(vcs), ...belowOf(vcs) })],
    ["directory", directory && table({ path: directory.path, ...belowOf(directory) })],
    [
      "archive",
      archive && table({ ...placeOf(archive), hashes: hashesOf(archive), ...belowOf(archive) }),
    ],
    ["sdist", sdist && table(keysOf(sdist))],
    ["wheels", wheels && `[${wheels.map((file) => `\n    ${table(keysOf(file))},`).join("")}\n]`],
  ];
  const lines = keys.flatMap(([key, value]) => (value === undefined ? [] : [`${key} = ${value}`]));
  return ["[[packages]]", ...lines];
}

type Value = string | number | undefined | { readonly [key: string]: Value };

function keysOf(file: PylockFile): Record<string, Value> {
  const { name, size } = file;
  return { name, ...placeOf(file), size, hashes: hashesOf(file) };
}

function placeOf(place: Place): Record<string, Value> {
  return "url" in place ? { url: place.url } : { path: place.path };
}

function commitOf(vcs: NonNullable<PylockPackage["vcs"]>): Record<string, Value> {
  return { "requested-revision": vcs.requestedRevision, "commit-id": vcs.commit };
}

function hashesOf({ sha256 }: { readonly sha256: Digest }): Record<string, Value> {
  return { sha256 };
}

function belowOf({ subdirectory }: Below): Record<string, Value> {
  return { subdirectory };
}

function table(value: Readonly<Record<string, Value>>): string {
  const keys = Object.entries(value).flatMap(([key, inner]) => {
    if (inner === undefined) return [];
    const shown =
      typeof inner === "object" ? table(inner) : typeof inner === "string" ? text(inner) : inner;
    return [`${key} = ${shown}`];
  });
  return `{ ${keys.join(", ")} }`;
}

/** A string of TOML has the escapes of one of JSON; no other control character reaches a terminal. */
function text(value: string): string {
  return JSON.stringify(value).replaceAll(
    /[\u007f-\u009f]/g,
    (control) => `\\u00${control.charCodeAt(0).toString(16)}`,
  );
}
