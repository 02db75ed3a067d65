/** One dependency as Python projects write it: `name[extra] >=1.2 ; python_version < "3.11"` (PEP 508). */
import { holds, type Marker, type MarkerEnvironment, parseMarker } from "./marker.ts";
import { normalizeProject } from "./project-name.ts";
import { specifierDefect } from "./specifier.ts";

export interface Requirement {
  /** In the index's form. */
  readonly name: string;
  /** In the index's form too. */
  readonly extras: readonly string[];
  /** `>=1.2,<2`; empty when every version will do. */
  readonly specifier: string;
  /** The address after `@`. */
  readonly url?: string;
  readonly marker?: Marker;
}

const pattern =
  /^(?<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[(?<extras>[^\]]*)\])?\s*(?<rest>.*)$/s;

/** A string says what is wrong with it. */
export function parseRequirement(text: string): Requirement | string {
  const { name, extras = "", rest = "" } = pattern.exec(text.trim())?.groups ?? {};
  if (name === undefined) return `${JSON.stringify(text.trim())} begins with no project's name`;
  const isDirect = rest.startsWith("@");
  const end = isDirect ? /\s;/.exec(rest)?.index : indexOf(rest, ";");
  const front = rest.slice(0, end).trim();
  const marker = end === undefined ? undefined : parseMarker(rest.slice(end).replace(/^\s*;/, ""));
  if (typeof marker === "string") return marker;
  const specifier = isDirect ? "" : front.replace(/^\((.*)\)$/s, "$1").trim();
  const defect = specifierDefect(specifier);
  if (defect !== undefined) return defect;
  return {
    name: normalizeProject(name),
    extras: extras.split(",").flatMap((extra) => normalizeProject(extra.trim()) || []),
    specifier: specifier.replaceAll(/\s+/g, ""),
    ...(isDirect ? { url: front.slice(1).trim() } : {}),
    ...(marker === undefined ? {} : { marker }),
  };
}

/** Whether it applies here, to a project of which these extras are wanted. */
export function isWanted(
  { marker }: Requirement,
  environment: MarkerEnvironment,
  extras: Iterable<string> = [],
): boolean {
  if (marker === undefined || holds(marker, { ...environment, extra: "" })) return true;
  return [...extras].some((extra) => holds(marker, { ...environment, extra }));
}

/** For a resolver; the marker is left out, as it has been decided. */
export function showRequirement({ name, extras, specifier, url }: Requirement): string {
  const wanted = extras.length === 0 ? name : `${name}[${extras.join(",")}]`;
  return url === undefined ? `${wanted}${specifier}` : `${wanted} @ ${url}`;
}

function indexOf(text: string, part: string): number | undefined {
  const at = text.indexOf(part);
  return at < 0 ? undefined : at;
}
