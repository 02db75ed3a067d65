/** Reading how a Python project wants to be built: the build-system table of pyproject.toml (PEP 518). */
import { parse, type TomlTable } from "smol-toml";

export interface BuildBackend {
  readonly backend: string;
  /** Relative to the project. */
  readonly backendPath: readonly string[];
  readonly requires: readonly string[];
}

/** What PEP 517 says of a project without the table: setuptools, as `setup.py` was run. */
const legacy: BuildBackend = {
  backend: "setuptools.build_meta:__legacy__",
  backendPath: [],
  requires: ["setuptools"],
};

/** `text` is undefined when there is no pyproject.toml. A string says what is wrong with it. */
export function readBuildBackend(text: string | undefined): BuildBackend | string {
  if (text === undefined) return legacy;
  let table: TomlTable;
  try {
    table = parse(text);
  } catch (error) {
    return `its pyproject.toml is not valid TOML: ${String((error as Error).message).split("\n")[0]}`;
  }
  const system = table["build-system"];
  if (system === undefined) return legacy;
  if (!isTable(system)) return "build-system in its pyproject.toml is not a table";
  const backend = system["build-backend"];
  const backendPath = texts(system["backend-path"]);
  const requires = texts(system["requires"]);
  if (backendPath === undefined) return "backend-path in its pyproject.toml is not a list of texts";
  if (requires === undefined) return "requires in its pyproject.toml is not a list of texts";
  if (backendPath.some((path) => path.startsWith("/") || path.split("/").includes(".."))) {
    return "backend-path in its pyproject.toml leads out of the source";
  }
  return { backend: typeof backend === "string" ? backend : legacy.backend, backendPath, requires };
}

/** `key=value` arguments as config settings; a key that is given again becomes a list. */
export function configSettings(args: readonly string[]): Record<string, string | string[]> {
  const settings: Record<string, string | string[]> = {};
  for (const argument of args) {
    const at = argument.indexOf("=");
    const key = at < 0 ? argument : argument.slice(0, at);
    const value = at < 0 ? "" : argument.slice(at + 1);
    const before = settings[key];
    settings[key] = before === undefined ? value : [before, value].flat();
  }
  return settings;
}

function isTable(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function texts(value: unknown): string[] | undefined {
  if (value === undefined) return [];
  return Array.isArray(value) && value.every((item) => typeof item === "string")
    ? value
    : undefined;
}
