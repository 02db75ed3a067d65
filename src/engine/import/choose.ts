/** Choosing each project's file: its pin, and the recipe that the pin is for. */
import { type Digest, TenonError } from "../../core/index.ts";
import type { Pin, Recipe } from "../../recipe/index.ts";
import { pinSource, type SourceContext } from "../../source/index.ts";
import { eachAtOnce } from "../sources.ts";
import type { Form, Forms } from "./forms.ts";
import type { ResolvedProject } from "./resolution.ts";

export interface Choice {
  readonly recipe: Recipe;
  readonly pin: Pin;
  readonly form: Form;
}

export interface Chooser {
  /** In the projects' order; what was chosen once is not asked for again. */
  choose(projects: readonly ResolvedProject[]): Promise<Choice[]>;
}

export interface ChooserOptions {
  readonly sources: SourceContext;
  readonly forms: Forms;
  /** By project: the only files that will do. */
  readonly digests: ReadonlyMap<string, ReadonlySet<Digest>>;
}

export function createChooser(options: ChooserOptions): Chooser {
  const known = new Map<string, Choice>();
  return {
    choose: (projects) =>
      eachAtOnce(projects, async (project) => {
        const key = `${project.name} ${project.version}`;
        const choice = known.get(key) ?? (await chooseFor(options, project));
        known.set(key, choice);
        return choice;
      }),
  };
}

async function chooseFor(options: ChooserOptions, project: ResolvedProject): Promise<Choice> {
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
  form: Form,
): Promise<Choice> {
  const recipe: Recipe = {
    name,
    version,
    file: "",
    source: { kind: "pypi", project: name, version, distribution: form },
    patches: [],
    depends: { build: [], run: [] },
    build: { system: form === "wheel" ? "wheel" : "python", args: [], env: {} },
    stage: { drop: [], takesOver: [] },
  };
  try {
    return { recipe, form, pin: await pinSource(sources, recipe, digests.get(name)) };
  } catch (error) {
    throw lacks(error) ? withCure(error, name, form) : error;
  }
}

function lacks(error: unknown): error is TenonError {
  return error instanceof TenonError && error.code === "FILE_NOT_FOUND";
}

function withCure(error: TenonError, name: string, form: Form): TenonError {
  const cure =
    form === "sdist"
      ? `Take its wheel with --only-binary ${name}.`
      : `Build it from source with --no-binary ${name}.`;
  const { kind, code, message, hints } = error;
  return new TenonError({ kind, code, message, hints: [...hints, cure], cause: error });
}
