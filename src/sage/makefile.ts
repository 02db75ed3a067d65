/** Reads the makefile that configure has made: what the machine has, and what is to be built. */
import { isWithin } from "../core/index.ts";
import { type Disk, readTextIfAny } from "../world/index.ts";
import { type MakeVariables, readVariables } from "./make-variables.ts";
import { findVenv, type VenvPlace } from "./venv-place.ts";

/** What `./configure` decided. */
export interface Configured {
  /** The file it was read from, absolute. */
  readonly file: string;
  /** Its text, with each line whole. */
  readonly text: string;
  /** SAGE_LOCAL and SAGE_VENV, absolute. */
  readonly local: string;
  readonly venv: string;
  readonly venvPlace: VenvPlace;
  /** Of a checkout that builds no Python packages (`--with-sage-venv=none`). */
  readonly isWithoutVenv: boolean;
  /** The machine's interpreter of which the Sage venv is made; undefined when Sage builds one. */
  readonly pythonForVenv: string | undefined;
  readonly pythonMinor: string;
  readonly venvFlags: readonly string[];
  /** Packages that the machine has already, or does not need. */
  readonly dummies: ReadonlySet<string>;
  /** All that `make` would bring up to date: standard packages, and what was asked for. */
  readonly wanted: ReadonlySet<string>;
  readonly variables: MakeVariables;
  /** The words of a makefile's variable, expanded; none when it is not set. */
  readonly words: (name: string) => readonly string[];
  /** Where an installation tree is, absolute, by the variable's name; undefined when it is disabled. */
  readonly folderOf: (tree: string) => string | undefined;
}

/** Undefined where configure has not run. */
export function readConfigured(disk: Disk, root: string): Configured | undefined {
  const file = `${root}/build/make/Makefile`;
  const text = readTextIfAny(disk, file)?.replaceAll(/\\\n[ \t]*/g, " ");
  const settings = readTextIfAny(disk, `${root}/src/bin/sage-env-config`);
  if (text === undefined || settings === undefined) return undefined;
  const local = /^export SAGE_LOCAL="(.*)"$/m.exec(settings)?.[1] ?? `${root}/local`;
  const variables = readVariables(text, placesOf(root, local));
  const words = (name: string): string[] => wordsOf(variables.expand(`$(${name})`));
  const folderOf = (tree: string): string | undefined =>
    variables.expand(`$(${tree})`).trim() || undefined;
  const venv = folderOf("SAGE_VENV") ?? local;
  const [pythonForVenv] = words("PYTHON_FOR_VENV");
  const pythonMinor = words("PYTHON_MINOR")[0] ?? "";
  const venvFlags = words("SAGE_VENV_FLAGS");
  const isWithoutVenv = venvFlags.includes("DISABLED");
  return {
    file,
    text,
    local,
    venv,
    venvPlace: findVenv(disk, { local, venv, pythonMinor }),
    isWithoutVenv,
    pythonForVenv: isWithoutVenv ? undefined : pythonForVenv,
    pythonMinor,
    venvFlags,
    dummies: new Set(words("DUMMY_PACKAGES")),
    wanted: new Set(words("OPTIONAL_INSTALLED_PACKAGES")),
    variables,
    words,
    folderOf,
  };
}

/** The path, which begins with SAGE_LOCAL or SAGE_VENV, relative to the prefix. */
export function relativeToPrefix({ local, venv, venvPlace }: Configured, path: string): string {
  const real = isWithin(path, venv) ? `${venvPlace.folder}${path.slice(venv.length)}` : path;
  return real.slice(local.length + 1);
}

/** As it stands in the checkout: what a makefile says before configure has made one of it. */
export function readTemplate(disk: Disk, root: string): MakeVariables {
  const text = readTextIfAny(disk, `${root}/build/make/Makefile.in`) ?? "";
  const undecided = /@\w+@/g;
  return readVariables(text.replaceAll(undecided, ""), placesOf(root, `${root}/local`));
}

/** The words to the right of a target's colon, expanded; none where there is no such rule. */
export function prerequisitesOf({ text, variables }: Configured, target: string): string[] {
  const rule = new RegExp(`^${target}:(.*)$`, "m").exec(text)?.[1] ?? "";
  return wordsOf(variables.expand(rule.replaceAll(/\$\(inst_(\w+)\)/g, "$1")));
}

/** What build/make/install puts into make's environment. */
function placesOf(root: string, local: string): Record<string, string> {
  return {
    SAGE_ROOT: root,
    SAGE_SRC: `${root}/src`,
    SAGE_LOCAL: local,
    SAGE_SHARE: `${local}/share`,
    SAGE_PKGCONFIG: `${local}/lib/pkgconfig`,
    SAGE_LOGS: `${root}/logs/pkgs`,
  };
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter(Boolean);
}
