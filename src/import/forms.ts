/** Which projects are built from source and which come as wheels, as the person says. */
import { projectsOf } from "./requirements-file.ts";

export type DistributionForm = "sdist" | "wheel";

/** What is not said is undecided: a wheel where one fits, as pip and uv do it. */
export interface FormOptions {
  /** For all that are not named below. */
  readonly all?: DistributionForm;
  /** Projects, separated by commas or blanks; `:all:` is all. */
  readonly noBinary: readonly string[];
  readonly onlyBinary: readonly string[];
}

export interface Forms {
  of(name: string): DistributionForm | undefined;
  /** For the resolver: what must have a wheel. */
  readonly onlyBinary: readonly string[];
}

/** A name wins over `:all:`, and wheels over sources where both name it. */
export function readForms(options: FormOptions): Forms {
  const sources = new Set(options.noBinary.flatMap(projectsOf));
  const wheels = new Set(options.onlyBinary.flatMap(projectsOf));
  const all = wheels.has(":all:") ? "wheel" : sources.has(":all:") ? "sdist" : options.all;
  return {
    of: (name) => {
      if (wheels.has(name)) return "wheel";
      return sources.has(name) ? "sdist" : all;
    },
    onlyBinary: all === "wheel" && sources.size === 0 ? [":all:"] : [...wheels],
  };
}
