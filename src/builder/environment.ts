/** The environment of a build: what it is given, and nothing else of the caller's. */
import { shellWord } from "../core/index.ts";
import type { BuildSystem, Recipe } from "../recipe/index.ts";
import type { BuildJob } from "./job.ts";
import type { Places } from "./places.ts";
import { shimFolder, tokenEnvironment } from "../tokens/index.ts";
import { type Environment, systemPath } from "../view/index.ts";

/** The first day that a zip archive, and so a wheel, can state: 1980-01-01. */
const sourceDateEpoch = "315532800";

export function programFolders(job: BuildJob): readonly string[] {
  return job.path.length > 0 ? job.path : systemPath;
}

export function buildEnvironment(job: BuildJob, places: Places): Environment {
  const { recipe } = job;
  const { prefix, workInside } = places;
  const variables: Record<string, string> = {
    PREFIX: prefix,
    DESTDIR: places.destdir,
    JOBS: String(job.jobs),
    ...parallelism(job, places),
    SOURCE_DIR: `${workInside}/src`,
    PACKAGE_NAME: recipe.name,
    PACKAGE_VERSION: recipe.version,
    SOURCE_DATE_EPOCH: sourceDateEpoch,
    PATH: searchPath(job, places).join(":"),
    HOME: `${workInside}/home`,
    TMPDIR: `${workInside}/tmp`,
    LANG: "C.UTF-8",
    TZ: "UTC",
    TERM: "dumb",
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONHASHSEED: "0",
    PYTHONNOUSERSITE: "1",
    CPATH: `${prefix}/include`,
    LIBRARY_PATH: libraryFolders(prefix).join(":"),
    LD_RUN_PATH: libraryFolders(prefix).join(":"),
    ...linkerFlags(prefix, recipe.build.system),
    PKG_CONFIG_PATH: [...libraryFolders(prefix), `${prefix}/share`]
      .map((folder) => `${folder}/pkgconfig`)
      .join(":"),
    // Where the system's own libraries are in no lib64, CMake looks into none.
    CMAKE_PREFIX_PATH: `${prefix}:${prefix}/lib64/cmake`,
    CMAKE_LIBRARY_PATH: `${prefix}/lib64`,
    ACLOCAL_PATH: `${prefix}/share/aclocal`,
  };
  for (const settings of [job.workspaceEnv, recipe.build.env]) {
    for (const [name, value] of Object.entries(settings))
      variables[name] = expandFor(recipe, value, variables);
  }
  return variables;
}

/** Packages are told to use `lib`; some use `lib64` all the same. */
export function libraryFolders(prefix: string): readonly string[] {
  return [`${prefix}/lib`, `${prefix}/lib64`];
}

function searchPath(job: BuildJob, { prefix, workInside }: Places): string[] {
  const shims = job.tokens === undefined ? [] : [`${workInside}/${shimFolder}`];
  return [...shims, `${prefix}/bin`, ...programFolders(job)];
}

/** Beside a jobserver nobody is given a number, which would be taken for an order to ignore it. */
function parallelism({ jobs, tokens }: BuildJob, places: Places): Environment {
  return tokens === undefined
    ? { MAKEFLAGS: `-j${jobs}`, CMAKE_BUILD_PARALLEL_LEVEL: String(jobs) }
    : tokenEnvironment(tokens.jobs, places);
}

/** In these, flags come to a shell or a reader that knows quotes; configure splits them at spaces. */
const systemsThatUnquote: ReadonlySet<BuildSystem> = new Set(["cmake", "make", "meson", "python"]);

/**
 * Lets what is linked find the prefix's libraries when it runs. LD_RUN_PATH does that too, but only
 * until somebody says -rpath, as Python's own flags may.
 */
function linkerFlags(prefix: string, system: BuildSystem): Environment {
  const flag = `-Wl,-rpath,${libraryFolders(prefix).join(":")}`;
  if (!/\s/.test(prefix)) return { LDFLAGS: flag };
  return systemsThatUnquote.has(system) ? { LDFLAGS: shellWord(flag) } : {};
}

/** The same, and `${VERSION}`, which is not set in builds: some makefiles take it for their own. */
export function expandFor(
  { version }: Pick<Recipe, "version">,
  text: string,
  variables: Environment,
): string {
  return expand(text, { VERSION: version, ...variables });
}

/** Replaces `${NAME}` by the variable's value; a name that is not known stays as it is. */
export function expand(text: string, variables: Environment): string {
  return text.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (whole, name: string) =>
    Object.hasOwn(variables, name) ? (variables[name] ?? whole) : whole,
  );
}
