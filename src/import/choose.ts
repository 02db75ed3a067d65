/** Choosing each project's file: its pin, and the recipe that the pin is for. */
import { type Digest, TenonError } from "../core/index.ts";
import type { DirectProject, Requested } from "./wanted.ts";
import type { Pin, Recipe, Source } from "../recipe/index.ts";
import { eachAtOnce, pinSource, type SourceContext } from "../source/index.ts";
import type { DistributionForm, Forms } from "./forms.ts";
import type { ResolvedProject } from "./resolution.ts";

export interface ChosenSource {
  readonly recipe: Recipe;
  /** None where it is a local folder. */
  readonly pin: Pin | undefined;
  readonly form: DistributionForm;
}

interface Chooser {
  /** In the projects' order; what was chosen once is not asked for again. */
  choose(projects: readonly ResolvedProject[]): Promise<ChosenSource[]>;
}

interface ChooserOptions {
  readonly sources: SourceContext;
  readonly forms: Forms;
  /** By project: the only files that will do. */
  readonly digests: ReadonlyMap<string, ReadonlySet<Digest>>;
  /** What is not from the index. */
  readonly direct: Requested["direct"];
  /** Told how many of the projects are chosen. */
  readonly onChosen?: (done: number, total: number) => void;
}

export function createChooser(options: ChooserOptions): Chooser {
  const known = new Map<string, ChosenSource>();
  return {
    choose: (projects) => {
      let done = 0;
      return eachAtOnce(projects, async (project) => {
        const key = `${project.name} ${project.version}`;
        const choice = known.get(key) ?? (await chooseFor(options, project));
        known.set(key, choice);
        options.onChosen?.((done += 1), projects.length);
        return choice;
      });
    },
  };
}

async function chooseFor(options: ChooserOptions, project: ResolvedProject): Promise<ChosenSource> {
  const direct = options.direct.get(project.name);
  if (direct !== undefined) return chooseDirect(options, project.name, direct);
  const form = options.forms.of(project.name);
  if (form !== undefined) return choose(options, project, form);
  try {
    return await choose(options, project, "wheel");
  } catch (error) {
    if (!lacks(error)) throw error;
    return choose(options, project, "sdist");
  }
}

async function choose(
  { sources, digests }: ChooserOptions,
  { name, version }: ResolvedProject,
  form: DistributionForm,
): Promise<ChosenSource> {
  const recipe = recipeFor(name, version, {
    form,
    source: { kind: "pypi", project: name, version, distribution: form },
  });
  try {
    return { recipe, form, pin: await pinSource(sources, recipe, digests.get(name)) };
  } catch (error) {
    throw lacks(error) ? withCure(error, name, form) : error;
  }
}

async function chooseDirect(
  { sources }: ChooserOptions,
  name: string,
  { version, source, directory }: DirectProject,
): Promise<ChosenSource> {
  const place = source.kind === "path" ? source.path : source.kind === "url" ? source.urls[0] : "";
  const form = place?.endsWith(".whl") ? "wheel" : "sdist";
  const recipe = recipeFor(name, version, { form, source, directory });
  if (source.kind === "path") return { recipe, form, pin: undefined };
  return { recipe, form, pin: await pinSource(sources, recipe) };
}

function recipeFor(
  name: string,
  version: string,
  {
    form,
    source,
    directory,
  }: { form: DistributionForm; source: Source; directory?: string | undefined },
): Recipe {
  const below = directory === undefined ? {} : { directory };
  return {
    name,
    version,
    file: "",
    source,
    patches: [],
    depends: { build: [], run: [] },
    build: { system: form === "wheel" ? "wheel" : "python", args: [], env: {}, ...below },
    stage: { drop: [], takesOver: [] },
  };
}

function lacks(error: unknown): error is TenonError {
  return error instanceof TenonError && error.code === "FILE_NOT_FOUND";
}

function withCure(error: TenonError, name: string, form: DistributionForm): TenonError {
  const cure =
    form === "sdist"
      ? `Take its wheel with --only-binary ${name}.`
      : `Build it from source with --no-binary ${name}.`;
  const { kind, code, message, hints } = error;
  return new TenonError({ kind, code, message, hints: [...hints, cure], cause: error });
}
