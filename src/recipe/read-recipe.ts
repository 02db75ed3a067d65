/** Turns one recipe file into a Recipe; every rule within one file is checked here and below. */
import { longestName, pathDefect } from "../core/index.ts";
import { readAbout } from "./read-about.ts";
import type { Document } from "./document.ts";
import { isPackageName, packageNameRule } from "./package-name.ts";
import { readBuild } from "./read-build.ts";
import { readHostLibraries } from "./read-host-libraries.ts";
import { readSource } from "./read-source.ts";
import type { Dependencies, Recipe, StageRules } from "./recipe.ts";
import type { RawRecipe } from "./schema.ts";
import type { RecipeFile } from "./recipe-file.ts";
import { readPatches } from "./source-values.ts";
import { nameOfKey, quote } from "./wording.ts";

/** Always gives a recipe, with something harmless in the place of what was reported. */
export function readRecipe(file: RecipeFile): Recipe {
  const { document, raw } = file;
  const name = readName(file);
  const version = readVersion(document, raw.version);
  const build = readBuild(document, raw);
  const source = readSource(file, build.system);
  const check = readCheck(document, raw);
  const about = readAbout(document, raw);
  const hostLibraries = readHostLibraries(document, raw.check?.["host-libraries"]);
  return {
    name,
    version,
    file: document.file,
    ...readWantedBy(document, raw["wanted-by"]),
    ...(source === undefined ? {} : { source }),
    patches: readPatches(file),
    ...readCrates(document, raw),
    depends: readDependencies(document, raw, name),
    build,
    ...(check === undefined ? {} : { check }),
    ...(hostLibraries === undefined ? {} : { hostLibraries }),
    stage: readStageRules(document, raw),
    ...(about === undefined ? {} : { about }),
  };
}

function readName({ document, raw, fileName }: RecipeFile): string {
  const at = ["name"];
  const { name } = raw;
  if (name === undefined) {
    const expected = `name = ${quote(fileName)}`;
    document.report({ code: "MISSING_KEY", at, what: "name is missing", expected });
    return fileName;
  }
  if (!isPackageName(name)) {
    const what = `name ${quote(name)} is not the name of a package`;
    document.report({ code: "VALUE", at, what, expected: packageNameRule });
  } else if (name !== fileName) {
    const what = `name is ${quote(name)}, but the file is named for ${quote(fileName)}`;
    document.report({ code: "VALUE", at, what, expected: "the same name in both places" });
  }
  return name;
}

function readVersion(document: Document, version: string | undefined): string {
  const at = ["version"];
  if (version === undefined) {
    const expected = 'a version in quotes, such as version = "1.0"';
    document.report({ code: "MISSING_KEY", at, what: "version is missing", expected });
    return "";
  }
  if (!/^[^\s/\p{Cc}-][^\s/\p{Cc}]*$/u.test(version)) {
    const what = `version ${quote(version)} cannot be part of a file's name`;
    const expected = "text without blanks and '/', not empty and not beginning with '-'";
    document.report({ code: "VALUE", at, what, expected });
  } else if (version.length > longestName) {
    const what = `version has ${version.length} characters`;
    document.report({ code: "VALUE", at, what, expected: `at most ${longestName}` });
  }
  return version;
}

function readWantedBy(document: Document, wantedBy: string | undefined): Pick<Recipe, "wantedBy"> {
  if (wantedBy === undefined) return {};
  if (wantedBy.trim() === "") {
    const expected = '"add", "dependents" or the name of a file; without it, the recipe is yours';
    document.report({ code: "VALUE", at: ["wanted-by"], what: "wanted-by is empty", expected });
  }
  return { wantedBy };
}

function readCrates(document: Document, raw: RawRecipe): Pick<Recipe, "crates"> {
  const crates = raw.source?.crates;
  if (crates === undefined) return {};
  const at = ["source", "crates"];
  const isLock = crates === "Cargo.lock" || crates.endsWith("/Cargo.lock");
  if (!isLock || pathDefect(crates) !== undefined) {
    const what = `source.crates ${quote(crates)} is not a Cargo.lock of the source`;
    const expected = 'its path from the root of the source, such as "src/rust/Cargo.lock"';
    document.report({ code: "VALUE", at, what, expected });
  }
  return { crates };
}

function readDependencies(document: Document, raw: RawRecipe, name: string): Dependencies {
  const { build = [], run = [] } = raw.depends ?? {};
  checkDependencies(document, "build", build, name);
  checkDependencies(document, "run", run, name);
  return { build, run };
}

function checkDependencies(
  document: Document,
  kind: "build" | "run",
  list: readonly string[],
  name: string,
): void {
  if (!list.includes(name) && new Set(list).size === list.length) return;
  list.forEach((needed, index) => {
    const at = ["depends", kind, index];
    if (needed === name) {
      const what = `${quote(name)} depends on itself: ${name} → ${name}`;
      document.report({ code: "CYCLE", at, what, expected: "other packages only" });
    } else if (list.indexOf(needed) < index) {
      const what = `${quote(needed)} is listed twice in ${nameOfKey(["depends", kind])}`;
      document.report({ code: "VALUE", at, what, expected: "each package once" });
    }
  });
}

function readCheck(document: Document, raw: RawRecipe): string | undefined {
  if (raw.check !== undefined && Object.keys(raw.check).length === 0) {
    const what = "check.script is missing";
    const expected = 'a shell script in quotes, such as script = "make check"';
    document.report({ code: "MISSING_KEY", at: ["check", "script"], what, expected });
  }
  return raw.check?.script;
}

function readStageRules(document: Document, raw: RawRecipe): StageRules {
  for (const kind of ["drop", "takes-over", "through-links"] as const) {
    raw.stage?.[kind]?.forEach((path, index) => {
      const at = ["stage", kind, index];
      const defect = pathDefect(path);
      if (defect === undefined) return;
      const what = `${nameOfKey(at)}, ${quote(path)}, ${defect}`;
      document.report({ code: "VALUE", at, what, expected: "a path relative to the prefix" });
    });
  }
  const throughLinks = raw.stage?.["through-links"];
  return {
    drop: raw.stage?.drop ?? [],
    takesOver: raw.stage?.["takes-over"] ?? [],
    ...(throughLinks === undefined ? {} : { throughLinks }),
  };
}
