/** Reads `[build]`: how the package is made, and which keys go with which build system. */
import { isVariableName, pathDefect } from "../core/index.ts";
import type { Document } from "./document.ts";
import { type BuildPlan, type BuildSystem, buildSystems } from "./recipe.ts";
import type { RawBuild, RawRecipe } from "./schema.ts";
import { didYouMean, nameOfKey, oneOf, quote } from "./wording.ts";

const systemsWithArguments: ReadonlySet<BuildSystem> = new Set([
  "autotools",
  "cmake",
  "make",
  "meson",
  "python",
]);

const systemsWithSource: ReadonlySet<BuildSystem> = new Set([...systemsWithArguments, "wheel"]);

export function readBuild(document: Document, raw: RawRecipe): BuildPlan {
  const build = raw.build ?? {};
  const system = readSystem(document, build);
  if (system !== undefined) {
    checkScript(document, build, system);
    checkArguments(document, build, system);
    checkSourceIsThere(document, raw, system);
  }
  checkVariables(document, ["build", "env"], build.env ?? {});
  checkDirectory(document, build.directory);
  return {
    system: system ?? "script",
    ...(build.script === undefined ? {} : { script: build.script }),
    args: build.args ?? [],
    env: build.env ?? {},
    ...(build.directory === undefined ? {} : { directory: build.directory }),
    ...(build.relocatable === false ? { relocatable: false } : {}),
  };
}

function readSystem(document: Document, build: RawBuild): BuildSystem | undefined {
  if (build.system === undefined && build.script !== undefined) return "script";
  const known = buildSystems.find((system) => system === build.system);
  const at = ["build", "system"];
  if (build.system === undefined) {
    const what = "build.system is missing";
    const expected = `${oneOf(buildSystems)}; or build.script`;
    const looksAt = [["build", "script"]];
    document.report({ code: "MISSING_KEY", at, looksAt, what, expected });
  } else if (known === undefined) {
    const what = `build.system ${quote(build.system)} is unknown`;
    const expected = `${oneOf(buildSystems)}${didYouMean(build.system, buildSystems)}`;
    document.report({ code: "VALUE", at, what, expected });
  }
  return known;
}

function checkScript(document: Document, build: RawBuild, system: BuildSystem): void {
  const at = ["build", "script"];
  if (system === "script" && build.script === undefined) {
    const what = "build.script is missing";
    const expected = "a shell script in quotes, as build.system is script";
    document.report({ code: "MISSING_KEY", at, what, expected });
  } else if (system !== "script" && build.script !== undefined) {
    const what = `build.script does not go with build.system ${system}`;
    const expected = "one of the two, or the system script";
    document.report({ code: "VALUE", at, part: "key", what, expected });
  }
}

function checkArguments(document: Document, build: RawBuild, system: BuildSystem): void {
  if (build.args === undefined) return;
  if (!systemsWithArguments.has(system)) {
    const what = `build.args does not go with build.system ${system}`;
    const expected = `it only with ${oneOf([...systemsWithArguments])}`;
    document.report({ code: "VALUE", at: ["build", "args"], part: "key", what, expected });
  } else if (system === "python") {
    build.args.forEach((argument, index) => {
      if (/^[^=]+=/.test(argument)) return;
      const at = ["build", "args", index];
      const what = `${nameOfKey(at)}, ${quote(argument)}, is not a config setting`;
      document.report({ code: "VALUE", at, what, expected: "KEY=VALUE" });
    });
  }
}

function checkSourceIsThere(document: Document, raw: RawRecipe, system: BuildSystem): void {
  if (raw.source !== undefined || !systemsWithSource.has(system)) return;
  document.report({
    code: "MISSING_KEY",
    at: ["build", "system"],
    looksAt: [["source"]],
    what: `build.system ${system} needs a source`,
    expected: "a table [source]",
  });
}

/** Also for the `env` of the workspace. */
export function checkVariables(
  document: Document,
  at: readonly string[],
  variables: Readonly<Record<string, string>>,
): void {
  for (const name of Object.keys(variables)) {
    if (isVariableName(name)) continue;
    const what = `${nameOfKey(at)} sets ${quote(name)}`;
    const expected = "the name of a variable: letters, digits and '_', with no digit first";
    document.report({ code: "VALUE", at: [...at, name], part: "key", what, expected });
  }
}

function checkDirectory(document: Document, directory: string | undefined): void {
  const defect = directory === undefined ? undefined : pathDefect(directory);
  if (directory === undefined || defect === undefined) return;
  const what = `build.directory ${quote(directory)} ${defect}`;
  const expected = "a folder below the source's root, such as build/unix";
  document.report({ code: "VALUE", at: ["build", "directory"], what, expected });
}
