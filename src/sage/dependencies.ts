/** From the words of a package's files to the packages that it needs, the edges nobody wrote included. */
import { compareText } from "../core/index.ts";
import type { SagePackage } from "./package.ts";
import type { FindPackage } from "./purls.ts";
import type { ReportMistake } from "./read-package.ts";
import { type Meaning, meaningOf, type Vocabulary } from "./words.ts";

/** Names of packages, each once, sorted, without the package itself. */
export interface SageDependencies {
  readonly build: readonly string[];
  readonly orderOnly: readonly string[];
  readonly run: readonly string[];
  readonly check: readonly string[];
  readonly optional: readonly string[];
  /** Packages that must be built even where the system has its own. */
  readonly real: readonly string[];
  /** Files outside of the package, as they were written. */
  readonly files: readonly string[];
}

export const noDependencies: SageDependencies = {
  build: [],
  orderOnly: [],
  run: [],
  check: [],
  optional: [],
  real: [],
  files: [],
};

/** Which edges a checkout's own tools add; older ones have them written out. */
export interface HiddenEdges {
  readonly python: boolean;
  readonly project: boolean;
}

interface DependencyReader {
  readonly vocabulary: Vocabulary;
  readonly find: FindPackage;
  readonly hidden: HiddenEdges;
  readonly report: ReportMistake;
}

/** Needed in order only, whoever asks. */
const orderOnlyAlways: ReadonlySet<string> = new Set(["sage_conf"]);

export function dependenciesOf(item: SagePackage, reader: DependencyReader): SageDependencies {
  const { written } = item;
  const mean = (words: readonly string[]): Meaning => meaningOf(words, reader.vocabulary);
  const project = (list: string): string[] => projectPackages(item, list, reader);
  const build = mean(written.build);
  const run = mean(written.run);
  const orderOnly = mean([...written.orderOnly, ...pythonWords(item, reader)]);
  const check = mean(written.check);
  const optional = mean(written.optional);
  const requires = project("requires");
  const host = project("host-requires");
  const all = [build, run, orderOnly, check, optional];
  const tidy = (names: readonly string[]): string[] =>
    [...new Set(names)].filter((name) => name !== item.name).sort(compareText);
  return {
    build: tidy([
      ...build.packages,
      ...requires.filter((name) => !orderOnlyAlways.has(name)),
      ...project("build-requires"),
      ...host,
    ]),
    orderOnly: tidy([
      ...orderOnly.packages,
      ...requires.filter((name) => orderOnlyAlways.has(name)),
    ]),
    run: tidy([...run.packages, ...project("dependencies"), ...host]),
    check: tidy([
      ...check.packages,
      ...all.flatMap((meaning) => meaning.check),
      ...project("test"),
    ]),
    optional: tidy([...optional.packages, ...all.flatMap((meaning) => meaning.optional)]),
    real: tidy(all.flatMap((meaning) => meaning.real)),
    files: tidy(all.flatMap((meaning) => meaning.files)),
  };
}

/** What every Python package needs to be installed: an interpreter, and pip or what builds a wheel. */
function pythonWords({ name, source, distribution }: SagePackage, reader: DependencyReader) {
  if (!reader.hidden.python || distribution === undefined) return [];
  if (name === "pip") return ["$(PYTHON)"];
  return ["$(PYTHON)", source === "wheel" ? "pip" : "$(PYTHON_TOOLCHAIN)"];
}

function projectPackages(item: SagePackage, list: string, reader: DependencyReader): string[] {
  if (!reader.hidden.project) return [];
  return (item.written.project.get(list) ?? []).flatMap((wanted) => {
    const name = reader.find(wanted);
    if (name !== undefined) return [name];
    const file = `${item.directory}/src/pyproject.toml.m4`;
    reader.report(
      file,
      `its list ${list} asks for ${wanted}, which is not a package of the checkout`,
    );
    return [];
  });
}
