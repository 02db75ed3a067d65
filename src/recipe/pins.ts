/** Which sources are pinned to a digest, so that nothing unchecked is used (I11). */
import { relative } from "node:path";
import { assert } from "../core/index.ts";
import { openDocument } from "./document.ts";
import { isFullCommit, lockFileName } from "./lockfile.ts";
import { type Mistake, throwMistakes } from "./mistakes.ts";
import type { Lockfile, Pin, Recipe, Source, Workspace } from "./recipe.ts";
import { quote } from "./wording.ts";

/** The one line that says what was asked for; what a pin was made for, and for nothing else. */
export function sourceLine(source: Source): string {
  switch (source.kind) {
    case "path":
      return `path ${source.path}`;
    case "url":
      return `url ${source.urls[0] ?? ""}`;
    case "git":
      return `git ${source.repository} ${source.revision}`;
    case "pypi":
      return `pypi ${source.project} ${source.version} ${source.distribution}`;
  }
}

/**
 * The digest that the recipe itself gives, or else the lock file's pin unless that was made for
 * another source. Where both say the same, it is the lock file's, which knows more.
 */
export function pinOf(recipe: Recipe, lock: Lockfile): Pin | undefined {
  const { source } = recipe;
  if (source === undefined || source.kind === "path") return undefined;
  const line = sourceLine(source);
  const locked = lock.get(recipe.name);
  const current = locked?.source === line ? locked : undefined;
  const { sha256 } = source;
  if (sha256 === undefined || sha256 === current?.sha256) return current;
  const commit =
    source.kind === "git" && isFullCommit(source.revision) ? { commit: source.revision } : {};
  return { package: recipe.name, source: line, sha256, ...commit };
}

/**
 * The recipes whose source must be pinned first, by name. A local path needs no pin, and neither
 * does a full commit id, which is a digest itself; such a recipe may have no pin.
 */
export function unpinned(workspace: Workspace): Recipe[] {
  return [...workspace.recipes.values()].filter((recipe) => isUnpinned(recipe, workspace.lock));
}

function isUnpinned(recipe: Recipe, lock: Lockfile): boolean {
  const { source } = recipe;
  if (source === undefined || source.kind === "path") return false;
  if (source.kind === "git" && isFullCommit(source.revision)) return false;
  return pinOf(recipe, lock) === undefined;
}

/** Throws one error that names every one of these packages whose source is not pinned. */
export function requirePins(workspace: Workspace, packages: Iterable<string>): void {
  const mistakes: Mistake[] = [];
  for (const name of new Set(packages)) {
    const recipe = workspace.recipes.get(name);
    assert(recipe !== undefined, `there is no recipe ${name}`);
    if (isUnpinned(recipe, workspace.lock)) reportUnpinned(workspace, recipe, mistakes);
  }
  throwMistakes(mistakes);
}

function reportUnpinned(workspace: Workspace, recipe: Recipe, mistakes: Mistake[]): void {
  const { file, name } = recipe;
  const shownAs = relative(workspace.directory, file);
  const content = Buffer.from(workspace.texts?.get(name) ?? "");
  const { document } = openDocument({ file, shownAs, content, family: "RECIPE", mistakes });
  const stale = workspace.lock.get(name);
  document.report({
    code: "MISSING_DIGEST",
    at: ["source"],
    what:
      stale === undefined
        ? `the source of ${quote(name)} has no digest`
        : `the source of ${quote(name)} has no digest, and its pin is for ${quote(stale.source)}`,
    expected: `source.sha256, or a pin in ${lockFileName}`,
    hint: "Run `tenon lock`.",
  });
}
