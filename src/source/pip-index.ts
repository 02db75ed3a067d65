/** Where pip on this machine looks for packages: its configuration, or else its own default. */
import { isAbsolute } from "node:path";
import { pathOfFileUrl, TenonError, withoutCredentials } from "../core/index.ts";
import type { World } from "../world/index.ts";
import { type Address, addressOf, isLocal } from "./address.ts";

export interface PipIndex {
  /** Simple indexes (PEP 503), in pip's order; none when pip is told to use none. */
  readonly indexes: readonly Address[];
  /** Folders with distribution files, absolute. */
  readonly folders: readonly string[];
  /** Pages with links to distribution files. */
  readonly pages: readonly Address[];
}

/**
 * Asks the interpreter's pip, or the one that ensurepip carries. `environment` is the caller's, as
 * pip takes settings from it too. Throws a TenonError of kind `machine` when there is no pip.
 */
export async function readPipIndex(
  world: World,
  python: string,
  environment: Readonly<Record<string, string>>,
): Promise<PipIndex> {
  const answer = await world.processes.capture({
    program: python,
    args: ["-c", questions],
    environment,
    timeoutMs: 120_000,
  });
  const { outcome } = answer;
  if (outcome.kind === "missing") throw noPython(python, outcome.reason);
  if (outcome.kind === "exited" && outcome.code === withoutPip) throw noPip(python);
  const answers =
    outcome.kind === "exited" && outcome.code === 0 ? parse(answer.stdout) : undefined;
  if (answers === undefined) throw noAnswer(python, answer.stderr);
  return indexFrom(answers);
}

interface Answers {
  /** As `pip config list` gives them, later ones win: `[":env:.index-url", "https://…"]`. */
  readonly settings: readonly (readonly [key: string, value: string])[];
  readonly default: string;
}

const withoutPip = 3;

/** pip prints a setting as `key='value'`, the value as Python writes a string. */
const questions = `
import ast, glob, json, os, subprocess, sys
environment = dict(os.environ)
try:
    import pip
except ImportError:
    try:
        import ensurepip, sysconfig
    except ImportError:
        sys.exit(${withoutPip})
    folders = [os.path.join(os.path.dirname(ensurepip.__file__), "_bundled"),
               sysconfig.get_config_var("WHEEL_PKG_DIR")]
    wheels = [w for f in folders if f for w in sorted(glob.glob(os.path.join(f, "pip-*.whl")))]
    if not wheels:
        sys.exit(${withoutPip})
    sys.path.insert(0, wheels[-1])
    environment["PYTHONPATH"] = wheels[-1]
environment["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
from pip._internal.models.index import PyPI
listed = subprocess.run([sys.executable, "-m", "pip", "config", "list"], env=environment,
                        stdout=subprocess.PIPE, check=True).stdout.decode("utf-8", "replace")
settings = []
for line in listed.splitlines():
    key, found, value = line.partition("=")
    try:
        if found:
            settings.append([key, str(ast.literal_eval(value))])
    except (SyntaxError, ValueError):
        pass
print(json.dumps({"settings": settings, "default": PyPI.simple_url}))
`;

function parse(text: string): Answers | undefined {
  try {
    const last = text.trimEnd().split("\n").at(-1) ?? "";
    const answers = JSON.parse(last) as Partial<Answers>;
    const whole = Array.isArray(answers.settings) && typeof answers.default === "string";
    return whole ? (answers as Answers) : undefined;
  } catch {
    return undefined;
  }
}

/** pip's order: the environment, then the section of the command, then the global one. */
const sections = [":env:", "install", "global"] as const;

function indexFrom(answers: Answers): PipIndex {
  const settings = new Map(answers.settings);
  const setting = (name: string): string | undefined =>
    sections.map((section) => settings.get(`${section}.${name}`)).find((value) => value);
  const words = (name: string): string[] => (setting(name) ?? "").split(/\s+/).filter(Boolean);
  const noIndex = /^(1|y|yes|t|true|on)$/i.test(setting("no-index") ?? "");
  const indexes = [setting("index-url") ?? answers.default, ...words("extra-index-url")];
  const links = words("find-links");
  return {
    indexes: noIndex ? [] : indexes.map((url) => addressOf(url.trim())),
    folders: links.flatMap(folderOf),
    pages: links.filter((link) => /^https?:/i.test(link)).map(addressOf),
  };
}

function folderOf(link: string): string[] {
  if (isLocal(link)) return [pathOfFileUrl(link) ?? []].flat();
  return isAbsolute(link) ? [link] : [];
}

function noPython(python: string, reason: string): TenonError {
  return new TenonError({
    kind: "machine",
    code: "PYTHON_MISSING",
    message: `${python} cannot be started (${reason})`,
    hints: ['Install Python, or name another interpreter in tenon.toml: `python = "…"`.'],
  });
}

function noPip(python: string): TenonError {
  return new TenonError({
    kind: "machine",
    code: "PIP_MISSING",
    message: `${python} has no pip, which knows where this machine's package index is`,
    hints: ["Install it: `apt-get install python3-pip`, or your system's package of pip."],
  });
}

function noAnswer(python: string, output: string): TenonError {
  return new TenonError({
    kind: "machine",
    code: "PIP_UNREADABLE",
    message: `${python} -m pip config list gave no usable answer`,
    hints: withoutCredentials(output).trim().split("\n").filter(Boolean).slice(-3),
  });
}
