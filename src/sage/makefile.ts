/** Reads the makefile that configure has made: what the machine has, and what is to be built. */
import { type Disk, readTextIfAny } from "../world/index.ts";
import { findVenv, type VenvPlace } from "./venv-place.ts";

/** What `./configure` decided. */
export interface Configured {
  /** The file it was read from, absolute. */
  readonly file: string;
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
  readonly toolchain: readonly string[];
  /** A makefile's variable; empty when it is not set. */
  readonly variable: (name: string) => string;
}

/** Undefined where configure has not run. */
export function readConfigured(disk: Disk, root: string): Configured | undefined {
  const file = `${root}/build/make/Makefile`;
  const text = readTextIfAny(disk, file);
  const settings = readTextIfAny(disk, `${root}/src/bin/sage-env-config`);
  if (text === undefined || settings === undefined) return undefined;
  const variables = readVariables(text);
  const variable = (name: string): string => variables.get(name) ?? "";
  const words = (name: string): string[] => variable(name).split(/\s+/).filter(Boolean);
  const local = /^export SAGE_LOCAL="(.*)"$/m.exec(settings)?.[1] ?? `${root}/local`;
  const venv = variable("SAGE_VENV").replace(/\$[({]SAGE_LOCAL[)}]/, local);
  const pythonForVenv = variable("PYTHON_FOR_VENV");
  const pythonMinor = variable("PYTHON_MINOR");
  const venvFlags = words("SAGE_VENV_FLAGS");
  const isWithoutVenv = venvFlags.includes("DISABLED");
  return {
    file,
    local,
    venv,
    venvPlace: findVenv(disk, { local, venv, pythonMinor }),
    isWithoutVenv,
    pythonForVenv: pythonForVenv === "" || isWithoutVenv ? undefined : pythonForVenv,
    pythonMinor,
    venvFlags,
    dummies: new Set(words("DUMMY_PACKAGES")),
    wanted: new Set(words("OPTIONAL_INSTALLED_PACKAGES")),
    toolchain: words("TOOLCHAIN"),
    variable,
  };
}

/**
 * Of several assignments the first: later ones are conditional. A line that ends with a backslash goes
 * on in the next one.
 */
function readVariables(text: string): Map<string, string> {
  const variables = new Map<string, string>();
  for (const line of text.replaceAll("\\\n", " ").split("\n")) {
    const [, name, value] = /^([A-Za-z0-9_.]+) *[:?]?= *(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined || variables.has(name)) continue;
    variables.set(name, value.trim());
  }
  return variables;
}
