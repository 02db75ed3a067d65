/** A place to build in, made for one test: store, prefix, scratch folders, dependencies. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import {
  type BuildContext,
  type BuildJob,
  type BuildOutcome,
  buildPackage,
  type Layer,
} from "../../src/builder/index.ts";
import { type Isolation, probeIsolation, systemPath } from "../../src/view/index.ts";
import type { Recipe } from "../../src/recipe/index.ts";
import { openStore } from "../../src/store/index.ts";
import { createRealWorld, removeTree } from "../../src/world/index.ts";

export const world = createRealWorld({});

/** How this machine can keep a build apart; tests of the view are skipped where it cannot. */
export const isolation: Isolation = await probeHere();

export const noView = isolation.kind === "none";

async function probeHere(): Promise<Isolation> {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "tenon-probe-"));
  try {
    return await probeIsolation(world, { prefix: `${root}/p`, scratch: root, wanted: "auto" });
  } finally {
    fs.rmSync(root, { recursive: true, force: true });
  }
}

export type Files = Readonly<Record<string, string | { text: string; mode: number }>>;

export interface RecipeParts extends Partial<Omit<Recipe, "build" | "stage">> {
  readonly name: string;
  readonly build?: Partial<Recipe["build"]>;
  readonly stage?: Partial<Recipe["stage"]>;
  /** Its source. */
  readonly files?: Files;
}

export interface Site {
  readonly root: string;
  readonly prefix: string;
  /** Made by `job` and given to `build`. */
  job(parts: RecipeParts, changes?: Partial<BuildJob>): BuildJob;
  build(
    parts: RecipeParts,
    changes?: Partial<BuildJob>,
    context?: Partial<BuildContext>,
  ): Promise<BuildOutcome>;
  /** Builds a package of these files, as a dependency of others. */
  layer(name: string, files: Files): Promise<Layer>;
  /** A finished build as a dependency of others. */
  asLayer(name: string, outcome: BuildOutcome): Layer;
  log(job?: BuildJob): string;
  readonly context: BuildContext;
  remove(): void;
}

const copying = { script: 'mkdir -p "$DESTDIR$PREFIX" && cp -R . "$DESTDIR$PREFIX"' };

export function createSite(options: { prefix?: string; scratch?: string } = {}): Site {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "tenon-build-")));
  const prefix = `${root}/${options.prefix ?? "prefix"}`;
  const store = openStore(world, `${root}/store`, { sync: false });
  const environment = process.env as Record<string, string>;
  const sources = { world, store, python: "python3", environment, offline: true };
  const context: BuildContext = { world, sources };
  let count = 0;

  const job: Site["job"] = (parts, changes) => {
    count += 1;
    const scratch = `${root}/${options.scratch ?? "scratch"}${count}`;
    fs.mkdirSync(scratch);
    const folder = `${root}/source${count}`;
    if (parts.files !== undefined) writeFiles(folder, parts.files);
    return {
      recipe: recipeFrom(parts, parts.files === undefined ? undefined : folder),
      scratch,
      prefix,
      layers: [],
      layerLinks: `${root}/layers`,
      jobs: 2,
      logFolder: `${root}/logs`,
      isBuiltWith: false,
      check: true,
      isolation,
      python: undefined,
      path: [],
      workspaceEnv: {},
      ...changes,
    };
  };
  const build: Site["build"] = async (parts, changes, more) => {
    const outcome = await buildPackage({ ...context, ...more }, job(parts, changes));
    if (outcome.kind !== "built" || outcome.check === undefined) return outcome;
    const checked = await outcome.check(outcome.stage);
    return checked.kind === "passed" ? outcome : { notes: [], ...checked };
  };
  const asLayer: Site["asLayer"] = (name, outcome) => {
    if (outcome.kind !== "built") throw new Error(`${name}: ${JSON.stringify(outcome)}`);
    const tree = `${root}/store/tree${(count += 1)}`;
    fs.renameSync(outcome.stage, tree);
    return { package: name, tree, manifest: outcome.manifest };
  };
  return {
    root,
    prefix,
    job,
    build,
    asLayer,
    context,
    layer: async (name, files) => asLayer(name, await build({ name, files, build: copying })),
    log: () =>
      fs
        .readdirSync(`${root}/logs`)
        .map((name) => fs.readFileSync(`${root}/logs/${name}`, "utf8"))
        .join(""),
    remove: () => removeTree(world.disk, root),
  };
}

function recipeFrom(parts: RecipeParts, folder: string | undefined): Recipe {
  const { files: _files, build, stage, ...rest } = parts;
  return {
    version: "1.0",
    file: "",
    patches: [],
    depends: { build: [], run: [] },
    ...(folder === undefined ? {} : { source: { kind: "path", path: folder } as const }),
    ...rest,
    build: { system: "script", args: [], env: {}, ...build },
    stage: { drop: [], takesOver: [], ...stage },
  };
}

export function writeFiles(folder: string, files: Files): void {
  fs.mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const file = `${folder}/${name}`;
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const { text, mode } = typeof content === "string" ? { text: content, mode: 0o644 } : content;
    fs.writeFileSync(file, text);
    fs.chmodSync(file, mode);
  }
}

/** The paths of what was built, without folders; fails the test with the reason when it was not. */
export function pathsOf(outcome: BuildOutcome): string[] {
  if (outcome.kind !== "built") throw new Error(JSON.stringify(outcome, undefined, 2));
  return outcome.manifest.filter(({ type }) => type !== "directory").map(({ path }) => path);
}

export function failureOf(outcome: BuildOutcome): BuildOutcome & { kind: "failed" } {
  if (outcome.kind !== "failed") throw new Error(`it is ${outcome.kind}`);
  return outcome;
}

/** Where builds find programs, too. */
export function hasProgram(name: string): boolean {
  return systemPath.some((folder) => fs.existsSync(`${folder}/${name}`));
}
