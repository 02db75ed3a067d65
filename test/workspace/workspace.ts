/** A workspace on a simulated machine, whose builds are pretended. */
import { digestOf, type EventBody, makeManifest } from "../../src/core/index.ts";
import type { BuildFacts } from "../../src/run/facts.ts";
import { createResolver, type Resolver } from "../../src/run/resolver.ts";
import { openSession, type Session, type SessionOptions } from "../../src/workspace/session.ts";
import {
  createSimulatedDisk,
  createSimulatedWorld,
  type SimulatedDisk,
  type SimulatedWorld,
} from "../../src/world/simulated/index.ts";

export const directory = "/home/u/stack";

export interface RecipeText {
  readonly version?: string;
  readonly build?: readonly string[];
  readonly run?: readonly string[];
  readonly takesOver?: readonly string[];
  readonly wantedBy?: string;
  /** Of those who use it. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Workspace {
  readonly disk: SimulatedDisk;
  readonly world: SimulatedWorld;
  readonly session: Session;
  readonly resolver: Resolver;
  readonly events: EventBody[];
}

export const facts: BuildFacts = {
  machine: { architecture: "x64", compiler: "cc 12", python: undefined, isolated: true },
  python: undefined,
  isolation: { kind: "none", reason: "it is simulated" },
  path: ["/usr/bin"],
  writable: [],
};

export function optionsFor(events: EventBody[]): SessionOptions {
  return {
    directory,
    store: "/home/u/store",
    environment: {},
    activity: "tenon build",
    sync: true,
    offline: true,
    emit: (event) => events.push(event),
  };
}

function plantWorkspace(disk: SimulatedDisk, recipes: Readonly<Record<string, RecipeText>>): void {
  disk.plant(directory, {
    "tenon.toml": '[workspace]\nprefix = "prefix"\nrecipes = "packages"\n',
    ...Object.fromEntries(
      Object.entries(recipes).map(([name, its]) => [`packages/${name}.toml`, textOf(name, its)]),
    ),
  });
}

export function rewriteRecipe(disk: SimulatedDisk, name: string, recipe: RecipeText): void {
  disk.removeFile(`${directory}/packages/${name}.toml`);
  disk.createFile(`${directory}/packages/${name}.toml`, textOf(name, recipe));
}

function textOf(
  name: string,
  { version, build, run, takesOver, wantedBy, env = {} }: RecipeText,
): string {
  const list = (names: readonly string[] = []): string => JSON.stringify(names);
  return [
    `name = "${name}"`,
    `version = "${version ?? "1.0"}"`,
    ...(wantedBy === undefined ? [] : [`wanted-by = "${wantedBy}"`]),
    `[depends]\nbuild = ${list(build)}\nrun = ${list(run)}`,
    `[build]\nsystem = "script"\nscript = "make-${name}"`,
    `[run.env]`,
    ...Object.entries(env).map(([key, value]) => `${key} = ${JSON.stringify(value)}`),
    `[stage]\ntakes-over = ${list(takesOver)}`,
    "",
  ].join("\n");
}

export function openWorkspace(
  recipes: Readonly<Record<string, RecipeText>>,
  disk = createSimulatedDisk(),
): Workspace {
  plantWorkspace(disk, recipes);
  return reopen(disk);
}

/** As the next command finds it. */
export function reopen(disk: SimulatedDisk): Workspace {
  const world = createSimulatedWorld({ disk });
  const events: EventBody[] = [];
  const session = openSession(world, optionsFor(events));
  return { disk, world, session, events, resolver: createResolver(session, facts) };
}

/** Puts into the store what building the package has given: these files, by their content. */
export function pretendBuild(
  { session, resolver, disk }: Pick<Workspace, "session" | "resolver" | "disk">,
  name: string,
  files: Readonly<Record<string, string>>,
): void {
  const resolved = resolver.resolve(name);
  if (resolved === undefined) throw new Error(`${name} needs what is not built`);
  const folder = session.store.makeScratch(`pretended-${name}`);
  disk.plant(`${folder}/stage`, files);
  const manifest = makeManifest(
    Object.entries(files).map(([path, content]) => ({
      type: "file",
      path,
      mode: 0o644,
      sizeBytes: content.length,
      sha256: digestOf(content),
    })),
  );
  const record = {
    artifact: session.store.addArtifact(`${folder}/stage`, manifest),
    package: name,
    version: "1.0",
    builtAtMs: 1,
    durationMs: 2,
  };
  session.store.removeScratch(`pretended-${name}`);
  session.store.recordKey(resolved.key, record);
  resolver.settle(name, { resolved, record });
}
