/** `tenon import` and `tenon add`: requirements of Python projects become recipes and pins. */
import { relative } from "node:path";
import { showCount } from "../core/index.ts";
import { probePython } from "../builder/index.ts";
import { systemPath } from "../view/index.ts";
import { dependents, type Recipe } from "../recipe/index.ts";
import { readWantedFile, readWantedWords } from "./read-wanted.ts";
import { type Requested } from "./wanted.ts";
import {
  allows,
  type MarkerEnvironment,
  parseVersion,
  type Requirement,
} from "../requirements/index.ts";
import { makeDirectories, type World } from "../world/index.ts";
import { openSession, type Session, type SessionOptions } from "../workspace/index.ts";
import { eachAtOnce } from "../source/index.ts";
import { createBackends } from "./backends.ts";
import { type AskContext, type BuildNeeds, findBuildNeeds } from "./build-needs.ts";
import { type ChosenSource, createChooser } from "./choose.ts";
import { type DistributionForm, type FormOptions, type Forms, readForms } from "./forms.ts";
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
  /** What is named may change its version where it has a recipe; of a file, all that it needs may. */
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
  { requirements, asked }: Requested,
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
    resolve: { ...uv, scratch: `${scratch}/resolve`, markers, onMissing: tellOnce(options) },
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

/** Each round asks for uv again. */
function tellOnce({ emit }: Pick<ImportOptions, "emit">): () => void {
  let isTold = false;
  return () => {
    if (!isTold) emit({ kind: "note", text: uvIsMissing });
    isTold = true;
  };
}

const uvIsMissing =
  "uv is not here, so pip chooses the versions, which takes longer: `pip install uv` brings uv";

function readWanted(
  { world, workspace }: Session,
  { what, extras, groups, environment: variables }: ImportOptions,
  environment: MarkerEnvironment,
): Requested {
  if ("requirements" in what) return readWantedWords(what.requirements, { environment });
  const { disk } = world;
  const { directory } = workspace;
  return readWantedFile(what.file, { disk, directory, environment, extras, groups, variables });
}

async function settleWanted(
  session: Session,
  options: ImportOptions,
  asker: Asker,
  wanted: Requested,
): Promise<Settled> {
  const { recipes } = session.workspace;
  const { emit } = options;
  const forms = formsFor(options, wanted, recipes);
  const { sources } = asker.ask;
  const { digests, direct } = wanted;
  const onChosen = (done: number, total: number): void =>
    emit({ kind: "counted", doing: "choosing files", done, total });
  const chooser = createChooser({ sources, forms, digests, direct, onChosen });
  const needs = rememberNeeds(asker.ask);
  const moving = movingOf(options, wanted, recipes);
  const bounds = boundsOf([...recipes.values()].filter(({ name }) => !moving.has(name)));
  const constraints = [...wanted.constraints, ...bounds.filter(({ name }) => !direct.has(name))];
  const { allowsPreviews } = wanted;
  const more = { constraints, direct, allowsPreviews, onlyBinary: forms.onlyBinary };
  return settle({
    requirements: wanted.requirements,
    resolve: (requirements) => {
      emit({
        kind: "note",
        text: `choosing versions for ${showCount(requirements.length, "requirement")}`,
      });
      return resolve(asker.resolve, { requirements, ...more });
    },
    choose: (resolution) => {
      const fresh = [...resolution.values()].filter(
        ({ name }) => moving.has(name) || !recipes.has(name),
      );
      emit({
        kind: "note",
        text: `asking the index for the files of ${showCount(fresh.length, "project")}`,
      });
      return chooser.choose(fresh);
    },
    ask: (choices) => eachAtOnce(choices, needs),
    onNote: (name, text) => emit({ kind: "note", package: name, text }),
  });
}

/** The recipes that are there and may change: those that are named, or are to be in another version. */
function movingOf(
  { what, upgrade }: ImportOptions,
  { requirements }: Requested,
  recipes: ReadonlyMap<string, Recipe>,
): ReadonlySet<string> {
  const python = [...recipes.values()].filter(isPython);
  if ("file" in what) return new Set(upgrade ? python.map(({ name }) => name) : []);
  const named = python.filter(
    ({ name, version, source }) =>
      source?.kind === "pypi" &&
      requirements.some(
        (each) => each.name === name && (upgrade || !allows(each.specifier, version)),
      ),
  );
  return new Set(named.map(({ name }) => name));
}

/** What is built from source goes on to be, unless the person says otherwise. */
function formsFor(
  { forms: options }: ImportOptions,
  wanted: Requested,
  recipes: ReadonlyMap<string, Recipe>,
): Forms {
  const forms = readForms({
    ...options,
    noBinary: [...wanted.noBinary, ...options.noBinary],
    onlyBinary: [...wanted.onlyBinary, ...options.onlyBinary],
  });
  const formNow = (name: string): DistributionForm | undefined =>
    recipes.get(name)?.build.system === "python" ? "sdist" : undefined;
  return { ...forms, of: (name) => forms.of(name) ?? formNow(name) };
}

function isPython({ build: { system } }: Recipe): boolean {
  return system === "python" || system === "wheel";
}

/** What is there keeps its version: the stack that was tested stays what it was. */
function boundsOf(recipes: Iterable<Recipe>): Requirement[] {
  return [...recipes].flatMap((recipe) => {
    const { name, version } = recipe;
    const isBound = isPython(recipe) && parseVersion(version) !== undefined;
    return isBound ? [{ name, extras: [], specifier: `==${version}` }] : [];
  });
}

function rememberNeeds(context: AskContext): (choice: ChosenSource) => Promise<BuildNeeds> {
  const known = new Map<Recipe, Promise<BuildNeeds>>();
  return ({ recipe, pin }) => {
    const needs = known.get(recipe) ?? findBuildNeeds(context, recipe, pin);
    known.set(recipe, needs);
    return needs;
  };
}
