/** What each package of a configured checkout needs, as configure wrote it into the makefile. */
import type { Checkout } from "./checkout.ts";
import { dropCircular } from "./circular.ts";
import type { SageDependencies } from "./dependencies.ts";
import { readDependencyLine, splitWords } from "./dependency-line.ts";
import { facadeFiles, facadeName } from "./facade-files.ts";
import { type Configured, prerequisitesOf } from "./makefile.ts";
import type { SagePackage } from "./package.ts";
import { venvName } from "./venv-recipe.ts";
import { type Meaning, meaningOf, type Vocabulary } from "./words.ts";

export interface ConfiguredNeeds {
  /** By package name; without what the machine has already, and without circles. */
  readonly needs: ReadonlyMap<string, SageDependencies>;
  /** What led in a circle, as make says it. */
  readonly dropped: readonly string[];
  /** Packages that only make wheels. */
  readonly wheelTools: ReadonlySet<string>;
}

export function readNeeds(checkout: Checkout, configured: Configured): ConfiguredNeeds {
  const needs = new Map<string, SageDependencies>();
  const facade = new Set(facadeFiles(configured));
  const vocabulary = {
    variables: configured.variables,
    isPackage: (name: string) =>
      checkout.packages.has(name) || (name === venvName && configured.pythonForVenv !== undefined),
  };
  for (const item of checkout.packages.values()) {
    const words = wordsOf(configured, item.name, vocabulary);
    const { build, orderOnly, run, check } = words;
    const all = [build, orderOnly, run, check];
    const present = (names: readonly string[]): string[] =>
      [...new Set(names)].filter((one) => one !== item.name && !configured.dummies.has(one));
    const wanted = (meaning: Meaning): string[] =>
      meaning.optional.filter((other) => configured.wanted.has(other));
    const files = [...new Set([...build.files, ...run.files])];
    needs.set(item.name, {
      build: [
        ...present([...build.packages, ...wanted(build), ...choosersOf(item, checkout)]),
        // What must be the real one is built even where the machine has its own.
        ...build.real,
        ...run.real,
        ...(files.some((file) => facade.has(file)) ? [facadeName] : []),
      ],
      orderOnly: present([...orderOnly.packages, ...wanted(orderOnly)]),
      run: present([...run.packages, ...wanted(run)]),
      check: present([...check.packages, ...all.flatMap((meaning) => meaning.check)]),
      optional: build.optional,
      real: build.real,
      files: files.filter((file) => !facade.has(file)),
    });
  }
  const free = dropCircular(needs);
  // The script that makes a wheel takes them for granted; two packages forget to name them.
  const tools = meaningOf(["$(PYTHON_TOOLCHAIN)"], vocabulary).packages;
  const isPresent = (name: string): boolean =>
    name === facadeName || (checkout.packages.has(name) && !configured.dummies.has(name));
  const implied = impliedBy(configured).filter(isPresent);
  addImplied(free.needs, implied, (name) => isCompiled(checkout.packages.get(name)));
  const isProject = (name: string): boolean => {
    const item = checkout.packages.get(name);
    return item?.source === "normal" && item.distribution !== undefined;
  };
  addImplied(free.needs, tools.filter(isPresent), isProject);
  // Of these, the tools that others need for themselves have pip, with which all are installed.
  addImplied(free.needs, ["pip"].filter(isPresent), isProject);
  return { ...free, wheelTools: new Set(tools) };
}

interface Words {
  readonly build: Meaning;
  readonly orderOnly: Meaning;
  readonly run: Meaning;
  readonly check: Meaning;
}

/** In one line a package, or in three: for building, for running and for its check. */
function wordsOf({ variables }: Configured, name: string, vocabulary: Vocabulary): Words {
  const lineOf = (variable: string) => readDependencyLine(variables.text(variable) ?? "");
  const mean = (words: readonly string[]): Meaning => meaningOf(words, vocabulary);
  const own = lineOf(`deps_${name}`);
  const isOneLine = variables.text(`build_deps_${name}`) === undefined;
  const build = isOneLine ? own : lineOf(`build_deps_${name}`);
  return {
    build: mean(build.plain),
    orderOnly: mean(build.orderOnly),
    run: mean(own.plain),
    check: mean(splitWords(variables.text(`check_deps_${name}`) ?? "")),
  };
}

/** The checkout chooses among several archives by what the library packaging says. */
function choosersOf({ archives }: SagePackage, { packages }: Checkout): string[] {
  return archives.length > 1 && packages.has("packaging") ? ["packaging"] : [];
}

/**
 * make builds these before all others, and everything may use them without a word. What the compiler
 * itself is linked with, which it builds one after the other before the rest, needs no such care: in a
 * view, nothing is replaced under a compiler that runs.
 */
function impliedBy(configured: Configured): string[] {
  const names = [...configured.words("TOOLCHAIN"), ...prerequisitesOf(configured, "base")];
  return facadeFiles(configured).length === 0 ? names : [...names, facadeName];
}

/** A wheel compiles nothing. */
function isCompiled(item: SagePackage | undefined): boolean {
  return item !== undefined && item.source !== "wheel" && item.source !== "none";
}

/** For all that it is meant for, but what these are made of themselves. */
function addImplied(
  needs: Map<string, SageDependencies>,
  implied: readonly string[],
  isMeantFor: (name: string) => boolean,
): void {
  const below = new Set(implied);
  for (const name of below) {
    const { build = [], orderOnly = [], run = [] } = needs.get(name) ?? {};
    for (const other of [...build, ...orderOnly, ...run]) below.add(other);
  }
  for (const [name, its] of needs) {
    if (below.has(name) || !isMeantFor(name)) continue;
    needs.set(name, { ...its, build: [...new Set([...its.build, ...implied])] });
  }
}
