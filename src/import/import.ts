/** `tenon import` and `tenon add`: requirements of Python projects become recipes and pins. */
import { relative } from "node:path";
import { probePython } from "../builder/index.ts";
import { systemPath } from "../view/index.ts";
import { dependents, type Recipe } from "../recipe/index.ts";
import { readWantedFile, readWantedWords } from "./read-wanted.ts";
import { type Wanted } from "./wanted.ts";
import { type MarkerEnvironment, parseVersion, type Requirement } from "../requirements/index.ts";
import { makeDirectories, type World } from "../world/index.ts";
import { openSession, type Session, type SessionOptions } from "../workspace/index.ts";
import { eachAtOnce } from "../source/index.ts";
import { createBackends } from "./backends.ts";
import { type AskContext, type BuildNeeds, findBuildNeeds } from "./build-needs.ts";
import { type Choice, createChooser } from "./choose.ts";
import { type FormOptions, readForms } from "./forms.ts";
import { markerEnvironment } from "./marker-environment.ts";
import { resolve, type ResolveContext } from "./resolve.ts";
import { settle, type Settled } from "./settle.ts";
import { findWorkspaceOrMake, takeBackWorkspace } from "./workspace.ts";
import { type Asked, byAdd } from "./marks.ts";
import { writeRecipes, type Written } from "./write.ts";

export interface ImportOptions extends SessionOptions {
  readonly what: { readonly file: string } | { readonly requirements: readonly string[] };
  readonly forms: FormOptions;
  /** Of the project that a lock file is for. */
  readonly extras: readonly string[];
  readonly groups: readonly string[];
  /** Recipes that are there may change their versions; they are written anew then. */
  readonly upgrade: boolean;
}

export interface ImportResult extends Written {
  /** `tenon.toml`, when it was made. */
  readonly madeWorkspace?: string;
}

export async function importProjects(world: World, options: ImportOptions): Promise<ImportResult> {
  const madeWorkspace = findWorkspaceOrMake(world, options.directory);
  try {
    const result = await importInto(world, options);
    return { ...result, ...(madeWorkspace === undefined ? {} : { madeWorkspace }) };
  } catch (error) {
    if (madeWorkspace !== undefined) takeBackWorkspace(world, madeWorkspace);
    throw error;
  }
}

async function importInto(world: World, options: ImportOptions): Promise<Written> {
  // What the recipes lack may be what is to be imported.
  const session = openSession(world, { ...options, incomplete: true });
  const scratchName = `import-${world.clock.uniqueId()}`;
  const scratch = session.store.makeScratch(scratchName);
  try {
    const asker = await prepare(session, scratch);
    const wanted = readWanted(session, options, asker.markers);
    const settled = await settleWanted(session, options, asker, wanted);
    return writeRecipes(session, settled, askedFor(session, options, wanted));
  } finally {
    session.store.removeScratch(scratchName);
  }
}

/** What was asked for, and by what its recipes are known to be wanted. */
function askedFor(
  { workspace }: Session,
  { what }: ImportOptions,
  { requirements, asked }: Wanted,
): Asked {
  const names = asked ?? new Set(requirements.map(({ name }) => name));
  if ("requirements" in what) return { by: byAdd, names };
  const path = relative(workspace.directory, what.file);
  const isWord = path === byAdd || path === dependents;
  return { by: isWord ? `./${path}` : path, names };
}

interface Asker {
  readonly markers: MarkerEnvironment;
  readonly resolve: ResolveContext;
  readonly ask: AskContext;
}

async function prepare(session: Session, scratch: string): Promise<Asker> {
  const { world, workspace, options } = session;
  const { environment } = options;
  const callersPath = (environment["PATH"] ?? "").split(":").filter(Boolean);
  const facts = await probePython(world, workspace.python, callersPath);
  const python = facts.executable;
  const markers = await markerEnvironment(world, python);
  const uv = { world, python, environment, scratch };
  for (const folder of ["resolve", "ask"]) makeDirectories(world.disk, `${scratch}/${folder}`);
  return {
    markers,
    resolve: { ...uv, scratch: `${scratch}/resolve`, markers },
    ask: {
      sources: { ...session.sources, supportedTags: facts.supportedTags },
      markers,
      backends: createBackends(uv),
      path: workspace.path ?? systemPath,
      env: workspace.env,
      scratch: `${scratch}/ask`,
    },
  };
}

function readWanted(
  { world, workspace }: Session,
  { what, extras, groups, environment: variables }: ImportOptions,
  environment: MarkerEnvironment,
): Wanted {
  if ("requirements" in what) return readWantedWords(what.requirements, { environment });
  const { disk } = world;
  const { directory } = workspace;
  return readWantedFile(what.file, { disk, directory, environment, extras, groups, variables });
}

async function settleWanted(
  session: Session,
  { forms: formOptions, upgrade, emit }: ImportOptions,
  asker: Asker,
  wanted: Wanted,
): Promise<Settled> {
  const { recipes } = session.workspace;
  const forms = readForms({
    ...formOptions,
    noBinary: [...wanted.noBinary, ...formOptions.noBinary],
    onlyBinary: [...wanted.onlyBinary, ...formOptions.onlyBinary],
  });
  const { sources } = asker.ask;
  const { digests, direct } = wanted;
  const chooser = createChooser({ sources, forms, digests, direct });
  const needs = rememberNeeds(asker.ask);
  const bounds = upgrade ? [] : boundsOf(recipes.values());
  const constraints = [...wanted.constraints, ...bounds.filter(({ name }) => !direct.has(name))];
  const { allowsPreviews } = wanted;
  const more = { constraints, direct, allowsPreviews, onlyBinary: forms.onlyBinary };
  return settle({
    requirements: wanted.requirements,
    resolve: (requirements) => resolve(asker.resolve, { requirements, ...more }),
    choose: (resolution) =>
      chooser.choose([...resolution.values()].filter(({ name }) => upgrade || !recipes.has(name))),
    ask: (choices) => eachAtOnce(choices, needs),
    onNote: (name, text) => emit({ kind: "note", package: name, text }),
  });
}

/** What is there keeps its version: the stack that was tested stays what it was. */
function boundsOf(recipes: Iterable<Recipe>): Requirement[] {
  return [...recipes].flatMap(({ name, version, build }) => {
    const isPython = build.system === "python" || build.system === "wheel";
    const isBound = isPython && parseVersion(version) !== undefined;
    return isBound ? [{ name, extras: [], specifier: `==${version}` }] : [];
  });
}

function rememberNeeds(context: AskContext): (choice: Choice) => Promise<BuildNeeds> {
  const known = new Map<Recipe, Promise<BuildNeeds>>();
  return ({ recipe, pin }) => {
    const needs = known.get(recipe) ?? findBuildNeeds(context, recipe, pin);
    known.set(recipe, needs);
    return needs;
  };
}
