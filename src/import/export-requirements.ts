/** `tenon export`: the Python projects of a workspace as a requirements.txt, for pip and uv. */
import { compareText, withoutCredentials } from "../core/index.ts";
import type { Recipes } from "../plan/index.ts";
import { type Lockfile, type Pin, pinOf, type Recipe } from "../recipe/index.ts";
import type { World } from "../world/index.ts";
import { openSession, selectPackages, type SessionOptions } from "../workspace/index.ts";
import { exportedPackages } from "./exported-packages.ts";

export interface ExportOptions extends SessionOptions {
  /** With all that these need at run time; when empty, all but what is only built with. */
  readonly packages: readonly string[];
  /** Write the digests of the pinned files. */
  readonly hashes: boolean;
}

export interface Exported {
  readonly lines: readonly string[];
  /** Packages that no Python index has: a C library, a local folder. */
  readonly leftOut: readonly string[];
  /** Projects without a digest: pip takes digests for all or for none, so then there are none. */
  readonly unhashed: readonly string[];
}

/** Throws for a name without a recipe. Needs no network: what has no pin yet has no digest there. */
export function exportRequirements(world: World, options: ExportOptions): Exported {
  const session = openSession(world, options);
  const { recipes, lock } = session.workspace;
  const roots = options.packages.length > 0 ? selectPackages(session, options.packages) : undefined;
  return renderRequirements({ recipes, lock }, { roots, hashes: options.hashes });
}

/** The same of what was read. */
export function renderRequirements(
  { recipes, lock }: { readonly recipes: Recipes; readonly lock: Lockfile },
  { roots, hashes }: { readonly roots?: readonly string[] | undefined; readonly hashes: boolean },
): Exported {
  const { projects: all, others } = exportedPackages(recipes, roots);
  const projects = all.filter(({ source }) => source?.kind !== "path");
  const fromSource = projects.filter(({ source }) => isFromSource(source)).map(({ name }) => name);
  const unhashed = projects.filter((recipe) => !isHashed(recipe, lock)).map(({ name }) => name);
  const isWithHashes = hashes && unhashed.length === 0;
  return {
    unhashed: hashes ? unhashed : [],
    lines: [
      // The digest is that of the one file: another form of the same version would be refused.
      ...fromSource.map((name) => `--no-binary ${name}`),
      ...projects.flatMap((recipe) => requirementOf(recipe, pinOf(recipe, lock), isWithHashes)),
    ],
    leftOut: [...others, ...all.filter(({ source }) => source?.kind === "path")]
      .map(({ name }) => name)
      .sort(compareText),
  };
}

function isFromSource(source: Recipe["source"]): boolean {
  return source?.kind === "pypi" && source.distribution === "sdist";
}

function isHashed(recipe: Recipe, lock: Lockfile): boolean {
  return recipe.source?.kind !== "git" && pinOf(recipe, lock) !== undefined;
}

function requirementOf(recipe: Recipe, pin: Pin | undefined, hashes: boolean): string[] {
  const { name, version, source } = recipe;
  switch (source?.kind) {
    case "pypi": {
      const line = `${source.project}==${source.version}`;
      return pin === undefined || !hashes
        ? [line]
        : [`${line} \\`, `    --hash=sha256:${pin.sha256}`];
    }
    case "url": {
      const digest = pin === undefined || !hashes ? "" : `#sha256=${pin.sha256}`;
      return [`${name} @ ${withoutCredentials(source.urls[0] ?? "")}${digest}`];
    }
    case "git":
      return [
        `${name} @ git+${withoutCredentials(source.repository)}@${pin?.commit ?? source.revision}`,
      ];
    default:
      return [`${name}==${version}`];
  }
}
