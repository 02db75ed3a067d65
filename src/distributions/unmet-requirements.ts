/** Which requirements of Python distributions are not met, as `pip check` says it, and extras too; pure. */
import {
  allows,
  isWanted,
  type MarkerEnvironment,
  parseRequirement,
  type Requirement,
  showRequirement,
} from "../requirements/index.ts";

export interface Requirer {
  /** As an index spells it. */
  readonly name: string;
  readonly version: string;
  /** Its lines of Requires-Dist; asked for only where they matter. */
  readonly requires: () => readonly string[];
}

export interface UnmetRequirement {
  /** With the extra that another one wants of it: `requests[socks]`. */
  readonly package: string;
  readonly version: string;
  readonly requirement: string;
  /** The version that is there; absent where none is. */
  readonly found?: string;
}

/** Those of `judged`; `present` are all that will be there, by name. A line that cannot be read counts as met. */
export function findUnmet(
  judged: Iterable<Requirer>,
  present: ReadonlyMap<string, Requirer>,
  environment: MarkerEnvironment,
): UnmetRequirement[] {
  const unmet: UnmetRequirement[] = [];
  const queue = [...judged].map((requirer) => ({ requirer, extra: "" }));
  const seen = new Set(queue.map(({ requirer }) => `${requirer.name}[]`));
  for (const { requirer, extra } of queue) {
    const label = extra === "" ? requirer.name : `${requirer.name}[${extra}]`;
    for (const requirement of requirementsOf(requirer, environment, extra)) {
      const found = present.get(requirement.name);
      if (found === undefined || !allows(requirement.specifier, found.version)) {
        unmet.push({
          package: label,
          version: requirer.version,
          requirement: showRequirement(requirement),
          ...(found === undefined ? {} : { found: found.version }),
        });
        continue;
      }
      for (const wanted of requirement.extras) {
        const key = `${found.name}[${wanted}]`;
        if (!seen.has(key)) queue.push({ requirer: found, extra: wanted });
        seen.add(key);
      }
    }
  }
  return unmet;
}

/** Without an extra: what is always needed; with one: what it adds. */
function requirementsOf(
  requirer: Requirer,
  environment: MarkerEnvironment,
  extra: string,
): Requirement[] {
  return requirer.requires().flatMap((line) => {
    const requirement = parseRequirement(line);
    if (typeof requirement === "string") return [];
    if (extra === "") return isWanted(requirement, environment) ? [requirement] : [];
    const isAdded = !isWanted(requirement, environment);
    return isAdded && isWanted(requirement, environment, [extra]) ? [requirement] : [];
  });
}

const shownCount = 10;

/** Sentences for a person. */
export function describeUnmet(unmet: readonly UnmetRequirement[]): string[] {
  const lines = unmet.slice(0, shownCount).map(({ package: name, version, requirement, found }) => {
    const what = found === undefined ? "which is not installed" : `and ${found} is installed`;
    return `${name} ${version} needs ${requirement}, ${what}`;
  });
  const more = unmet.length - lines.length;
  return more > 0 ? [...lines, `${more} more requirements are not met`] : lines;
}
