/** Builds in which pip chooses what to install: how it finds its index, and what it has chosen. */
import { type Manifest, TenonError } from "../core/index.ts";
import type { Conflict } from "../install/index.ts";
import type { Recipe, Workspace } from "../recipe/index.ts";
import { normalizeProject } from "../requirements/index.ts";
import { type Disk, exists } from "../world/index.ts";
import { distributionsOf } from "../distributions/index.ts";
import type { Session } from "../workspace/index.ts";

type Settings = Readonly<Record<string, string>>;

/** Undefined for all other builds, which have no network. */
export function onlineSettings({ world, options }: Session, recipe: Recipe): Settings | undefined {
  return recipe.build.online ? settingsOfPip(world.disk, options.environment) : undefined;
}

const told =
  /^(?:PIP_\w+|(?:https?|ftp|all|no)_proxy|SSL_CERT_(?:FILE|DIR)|(?:REQUESTS|CURL)_CA_BUNDLE|GIT_SSL_\w+|GIT_CONFIG_GLOBAL|NETRC)$/i;

/** What pip and git are told by the caller's environment, and by files in the home that builds do not see. */
export function settingsOfPip(disk: Disk, environment: Settings): Settings {
  const { HOME: home = "", XDG_CONFIG_HOME: config = `${home}/.config` } = environment;
  const files = Object.entries({
    PIP_CONFIG_FILE: [`${config}/pip/pip.conf`, `${home}/.pip/pip.conf`],
    NETRC: [`${home}/.netrc`],
    GIT_CONFIG_GLOBAL: [`${home}/.gitconfig`],
  }).flatMap(([name, places]) => {
    const file = places.find((place) => exists(disk, place));
    return file === undefined ? [] : [[name, file] as const];
  });
  const variables = Object.entries(environment).filter(([name]) => told.test(name));
  return Object.fromEntries([...files, ...variables]);
}

/** Throws where the network is not to be used. */
export function requireNetwork({ options }: Session, { name, build }: Recipe): void {
  if (!build.online || !options.offline) return;
  throw new TenonError({
    kind: "source",
    code: "SOURCE_OFFLINE",
    message: `${name} needs the package index, because pip chooses what it needs, but --offline was given`,
    hints: ["Build it once without --offline: its result then stays in the store."],
  });
}

/** What a person should know of a package that pip chose. */
export function notesOnChoice(
  { recipes, companion }: Workspace,
  { name }: Recipe,
  manifest: Manifest,
): string[] {
  const chosen = distributionsOf(manifest);
  if (chosen.length === 0) return [];
  const list = chosen.map((one) => `${one.name} ${one.version}`).join(", ");
  const own = new Map([...recipes.keys()].map((other) => [normalizeProject(other), other]));
  const shared = chosen.flatMap((one) => own.get(one.name) ?? []).filter((one) => one !== name);
  const how = companion?.howToNeed(name, shared);
  return [
    `pip chose the versions: ${list}`,
    ...(shared.length === 0 || how === undefined
      ? []
      : [`the checkout has ${shared.join(", ")}, too: if both are wanted, ${how}`]),
  ];
}

const curesAtMost = 3;

/** Where pip brought what is there already, how it finds room; none where it did not. */
export function curesForChoice(workspace: Workspace, conflicts: readonly Conflict[]): string[] {
  const cures = new Set(conflicts.flatMap((conflict) => cureFor(workspace, conflict) ?? []));
  return [...cures].slice(0, curesAtMost);
}

function cureFor({ recipes, companion }: Workspace, conflict: Conflict): string | undefined {
  const recipe = recipes.get(conflict.package);
  if (companion === undefined) return undefined;
  if (conflict.kind === "foreign" && recipe?.build.online) return companion.howToClear(recipe.name);
  const owner = conflict.kind === "owned" ? recipes.get(conflict.owner) : undefined;
  if (recipe === undefined || owner === undefined) return undefined;
  const [chooser, other] = recipe.build.online ? [recipe, owner] : [owner, recipe];
  if (!chooser.build.online) return undefined;
  const both = `build ${[chooser.name, other.name].sort().join(" and ")} together`;
  return `pip brings with ${chooser.name} what ${other.name} has, too: ${companion.howToNeed(chooser.name, [other.name])}, and ${both}.`;
}
