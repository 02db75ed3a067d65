/** Applying a recipe's patches: all of each, at the very lines that it names, or an error. */
import { TenonError } from "../core/index.ts";
import { exists } from "../world/index.ts";
import type { Recipe } from "../recipe/index.ts";
import type { SourceContext } from "./context.ts";
import { subjectOf } from "./fetch.ts";
import { named } from "./failures.ts";

/** A context line that differs is refused (no fuzz); lines that have only moved are found. */
const strictness = ["-p1", "--batch", "--forward", "--fuzz=0", "--no-backup-if-mismatch"];

/** Applies the patches in their order, below the directory. */
export async function applyPatches(
  context: SourceContext,
  recipe: Recipe,
  directory: string,
): Promise<void> {
  for (const patch of recipe.patches) {
    if (!exists(context.world.disk, patch)) throw failure(recipe, patch, "PATCH_MISSING", []);
    const { outcome, stdout, stderr } = await context.world.processes.capture({
      program: "patch",
      args: [...strictness, "--reject-file=-", `--input=${patch}`],
      workingDirectory: directory,
      environment: { ...context.environment, LC_ALL: "C" },
      ...(context.signal === undefined ? {} : { signal: context.signal }),
    });
    if (outcome.kind === "missing") throw noPatch(recipe, outcome.reason);
    if (outcome.kind !== "exited" || outcome.code !== 0) {
      const output = `${stdout}${stderr}`.trim().split("\n").filter(Boolean);
      throw failure(recipe, patch, "PATCH_FAILED", output);
    }
  }
}

const hintLimit = 12;

function failure(
  recipe: Recipe,
  patch: string,
  code: "PATCH_MISSING" | "PATCH_FAILED",
  output: readonly string[],
): TenonError {
  const what = code === "PATCH_FAILED" ? "does not apply to the source" : "does not exist";
  return new TenonError({
    kind: "recipe",
    code,
    message: `${named(subjectOf(recipe))}: the patch ${patch} ${what}`,
    hints: output.slice(0, hintLimit),
  });
}

function noPatch(recipe: Recipe, reason: string): TenonError {
  return new TenonError({
    kind: "machine",
    code: "PATCH_PROGRAM_MISSING",
    message: `${recipe.name} has patches, and the program patch cannot be started (${reason})`,
    hints: ["Install it: `apt-get install patch`, or your system's package of GNU patch."],
  });
}
