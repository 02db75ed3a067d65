/** checksums.ini: which archives a package has, and where they come from. */
import { isDigest } from "../core/index.ts";
import type { Archive } from "./package.ts";

/** `version` is without the patch level. An entry without a file name is left out. */
export function readChecksums(text: string, version: string | undefined): Archive[] {
  return readSections(text).flatMap((values) => {
    const fileName = values.get("tarball");
    if (fileName === undefined) return [];
    const sha256 = values.get("sha256");
    const sha1 = values.get("sha1");
    const upstreamUrl = values.get("upstream_url");
    return [
      {
        fileName: substituteVersion(fileName, version),
        sha256: sha256 !== undefined && isDigest(sha256) ? sha256 : undefined,
        sha1: sha1 !== undefined && /^[0-9a-f]{40}$/.test(sha1) ? sha1 : undefined,
        upstreamUrl:
          upstreamUrl === undefined ? undefined : substituteVersion(upstreamUrl, version),
      },
    ];
  });
}

/** Assignments before the first heading are a section of their own. */
function readSections(text: string): ReadonlyMap<string, string>[] {
  const sections: Map<string, string>[] = [new Map()];
  for (const line of text.split("\n")) {
    if (/^\[[-a-zA-Z0-9_.]*\]/.test(line)) sections.push(new Map());
    const [, name, value] = /^([a-zA-Z0-9_]+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) sections.at(-1)?.set(name, value.trim());
  }
  return sections.filter((section) => section.size > 0);
}

/** `VERSION_MAJOR` and the like before `VERSION`, which is part of them. */
const variables = /\$\{VERSION(_MAJOR|_MINOR|_MICRO)?\}|VERSION(_MAJOR|_MINOR|_MICRO)?/g;
const parts = ["_MAJOR", "_MINOR", "_MICRO"];

function substituteVersion(pattern: string, version: string | undefined): string {
  if (version === undefined) return pattern;
  return pattern.replace(variables, (whole, braced?: string, bare?: string) => {
    const part = braced ?? bare;
    if (part === undefined) return version;
    return version.split(".")[parts.indexOf(part)] ?? whole;
  });
}
