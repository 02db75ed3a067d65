/** Asking a Python interpreter what it is, where its packages go and which wheels it takes. */
import { TenonError } from "../../core/index.ts";
import type { MarkerEnvironment } from "../../requirements/index.ts";
import type { InstallScheme } from "../../wheel/index.ts";
import type { World } from "../../world/index.ts";
import { findProgram } from "../../view/index.ts";
import { type Answers, questions } from "./questions.ts";
import { supportedTags } from "./tags.ts";

export interface PythonFacts {
  /** The interpreter itself, without links: no shim, and not one of a virtual environment. */
  readonly executable: string;
  /** `3.11.7` */
  readonly version: string;
  /** `cpython`, `pypy`. */
  readonly implementation: string;
  /** `cp311` */
  readonly abi: string;
  /** PEP 425, best first. */
  readonly supportedTags: readonly string[];
  /** Where a virtual environment at the prefix keeps things, relative to it. */
  readonly scheme: InstallScheme;
  /** Whether extension modules can be compiled: Python.h is there. */
  readonly hasHeaders: boolean;
  readonly markers: MarkerEnvironment;
}

/**
 * Throws a TenonError of kind `machine` when there is no such interpreter or it is of no use.
 * `path` is searched for a program that is given by name.
 */
export async function probePython(
  world: World,
  program: string,
  path: readonly string[],
): Promise<PythonFacts> {
  const found = findProgram(world.disk, program, path);
  if (found === undefined) throw noPython(`there is no Python interpreter ${program}`);
  const answers = await ask(world, found);
  const [major, minor] = answers.version;
  if (major < 3 || (major === 3 && minor < 8)) {
    throw noPython(`${found} is Python ${answers.release}, and 3.8 or newer is needed`);
  }
  if (!answers.hasVenv) throw noPython(`${found} lacks the module venv`);
  const tags = supportedTags(answers);
  return {
    executable: answers.executable,
    version: answers.release,
    implementation: answers.implementation,
    abi: tags.abi,
    supportedTags: tags.all,
    scheme: schemeFrom(answers),
    hasHeaders: answers.hasHeaders,
    markers: answers.markers,
  };
}

/**
 * The caller's environment stays, for a shim decides by it; PYTHON variables are ignored (-E), no .pth file and no
 * sitecustomize.py of what is installed has a say (-S, -s), and no bytecode is written (-B): the interpreter's
 * modules may be a prefix's.
 */
async function ask(world: World, program: string): Promise<Answers> {
  const { outcome, stdout, stderr } = await world.processes.capture({
    program,
    args: ["-E", "-S", "-s", "-B", "-c", questions],
    timeoutMs: 60_000,
  });
  if (outcome.kind === "exited" && outcome.code === 0) {
    try {
      return JSON.parse(stdout.slice(stdout.indexOf("{"))) as Answers;
    } catch {
      throw noPython(`${program} does not answer like a Python interpreter`);
    }
  }
  const said = stderr.trim().split("\n").at(-1) || outcome.kind;
  throw noPython(`${program} cannot be used as a Python interpreter: ${said}`);
}

/** A virtual environment's lib64 is a link to lib; a wheel must not make a folder of it. */
function schemeFrom(answers: Answers): InstallScheme {
  const place = (key: string): string => (answers.paths[key] ?? "").replace(/^lib64\//, "lib/");
  const [major, minor] = answers.version;
  const flavor = answers.implementation === "pypy" ? "pypy" : "python";
  return {
    purelib: place("purelib"),
    platlib: place("platlib"),
    scripts: place("scripts"),
    headers: `include/site/${flavor}${major}.${minor}${answers.freeThreaded ? "t" : ""}`,
    data: "",
  };
}

function noPython(message: string): TenonError {
  return new TenonError({
    kind: "machine",
    code: "PYTHON_MISSING",
    message,
    hints: [
      "Install python3 (3.8 or newer, with its venv module) with the system's package manager.",
      "Or name another interpreter with workspace.python in tenon.toml.",
    ],
  });
}
