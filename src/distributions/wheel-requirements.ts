/** What the requirements of wheels, and of what is installed beside them, will lack. */
import type { PythonFacts } from "../builder/index.ts";
import type { PrefixLayout } from "../prefix/index.ts";
import { parseHeaders, type Wheel } from "../wheel/index.ts";
import { type Disk, readTextIfAny } from "../world/index.ts";
import { normalizeProject } from "../requirements/index.ts";
import { type Distribution, distributionsIn } from "./distributions.ts";
import { findUnmet, type Requirer, type UnmetRequirement } from "./unmet-requirements.ts";

/** Of the wheels, and of what is there already and needs one of them: it may have come with another version. */
export function unmetAfter(
  disk: Disk,
  layout: PrefixLayout,
  wheels: readonly Pick<Wheel, "name" | "version" | "requires">[],
  { scheme, markers }: PythonFacts,
): UnmetRequirement[] {
  const incoming = new Map(
    wheels.map((wheel): [string, Requirer] => {
      const name = normalizeProject(wheel.name);
      return [name, { name, version: wheel.version, requires: () => wheel.requires }];
    }),
  );
  const installed = [...new Set([scheme.purelib, scheme.platlib])]
    .flatMap((site) => distributionsIn(disk, layout, site))
    .filter(({ name }) => !incoming.has(name))
    .map(({ name, version, folder }): Requirer => {
      const requires = once(() => readRequires(disk, `${layout.prefix}/${folder}/METADATA`));
      return { name, version, requires };
    });
  const dependents = installed.filter(({ requires }) =>
    requires().some((line) => {
      return incoming.has(projectOf(line));
    }),
  );
  const present = new Map(installed.map((each) => [each.name, each]));
  for (const [name, each] of incoming) present.set(name, each);
  return findUnmet([...incoming.values(), ...dependents], present, markers);
}

/** The projects that a distribution needs on one machine or another, extras aside, as an index spells them. */
export function projectsNeeded(
  disk: Disk,
  { prefix }: PrefixLayout,
  { folder }: Distribution,
): string[] {
  return readRequires(disk, `${prefix}/${folder}/METADATA`)
    .filter((line) => !/;.*\bextra\b/.test(line))
    .map(projectOf);
}

/** Of a requirement; reading all of it takes ten times as long. */
function projectOf(line: string): string {
  return normalizeProject(/^[\w.-]+/.exec(line)?.[0] ?? "");
}

/** Nothing of one that another process has just replaced or removed: nobody waits for the lock here. */
function readRequires(disk: Disk, file: string): readonly string[] {
  return parseHeaders(readTextIfAny(disk, file) ?? "").get("requires-dist") ?? [];
}

function once<Result>(make: () => Result): () => Result {
  let made: { readonly result: Result } | undefined;
  return () => (made ??= { result: make() }).result;
}
