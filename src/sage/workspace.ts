/** What a SageMath checkout says of itself. */
import { compareText, parentOf } from "../core/index.ts";
import type { World } from "../world/index.ts";
import type { Entrance } from "./bookkeeping.ts";
import { readCheckout } from "./checkout.ts";
import { configuredRecipes } from "./configured-recipes.ts";
import { readNeeds } from "./configured-needs.ts";
import { type Configured, readConfigured } from "./makefile.ts";
import { planningRecipes } from "./recipes.ts";
import type { SageRecipe } from "./sage-recipe.ts";

export interface CheckoutWorkspace {
  readonly prefix: string;
  readonly recipes: ReadonlyMap<string, SageRecipe>;
  /** What its make would build. */
  readonly usual: readonly string[];
  /** Which checks are left out or only warn, in the words of SAGE_CHECK_PACKAGES. */
  readonly usualChecks?: string;
  readonly entrance?: Entrance;
  /** What a person should know of how it was read. */
  readonly remarks?: readonly string[];
  /** Why nothing can be built of it as it is, and what to do. */
  readonly notReady?: string;
}

/** `directory` is the root of the checkout, absolute; `environment` is the caller's. */
export function readCheckoutWorkspace(
  { disk, machine }: Pick<World, "disk" | "machine">,
  directory: string,
  environment: Readonly<Record<string, string>> = {},
): CheckoutWorkspace {
  const checkout = readCheckout(disk, directory);
  const configured = readConfigured(disk, checkout.root);
  if (configured === undefined) {
    const recipes = planningRecipes(checkout);
    return {
      prefix: `${checkout.root}/local`,
      recipes: byName(recipes),
      usual: namesOf(recipes, (recipe) => recipe.sage.type === "standard"),
      remarks: [notConfigured],
      notReady: "it is not configured yet: run ./bootstrap and ./configure there first",
    };
  }
  const needs = readNeeds(checkout, configured);
  const { dropped } = needs;
  const recipes = configuredRecipes({
    disk,
    machine,
    environment,
    checkout,
    configured,
    needs,
  });
  const { local, wanted, dummies } = configured;
  return {
    prefix: local,
    recipes: byName(recipes),
    usual: namesOf(
      recipes,
      ({ name, refusal }) => wanted.has(name) && !dummies.has(name) && refusal === undefined,
    ),
    usualChecks: configured.variables.text("SAGE_CHECK_PACKAGES_DEFAULT_yes") ?? "",
    ...entranceOf(configured),
    ...(dropped.length === 0 ? {} : { remarks: [tellDropped(dropped)] }),
  };
}

function entranceOf({
  venv,
  venvPlace,
}: Configured): Pick<CheckoutWorkspace, "entrance" | "notReady"> {
  const { folder, link } = venvPlace;
  if (link === "missing") return { entrance: { path: venv, target: folder } };
  if (link !== "blocked") return {};
  return {
    notReady:
      `its SAGE_VENV, ${venv}, has to be a symbolic link into SAGE_LOCAL; for what is there to be ` +
      `adopted, run \`mkdir -p ${parentOf(folder)} && mv ${venv} ${folder} && ln -s ${folder} ${venv}\``,
  };
}

function tellDropped(dropped: readonly string[]): string {
  return `circular dependencies are dropped, as make drops them: ${dropped.join(", ")}`;
}

const notConfigured =
  "the checkout is not configured: this is what its files say, with nothing from the system";

function namesOf(
  recipes: readonly SageRecipe[],
  isMeant: (recipe: SageRecipe) => boolean,
): string[] {
  return recipes.filter(isMeant).map(({ name }) => name);
}

function byName(recipes: readonly SageRecipe[]): Map<string, SageRecipe> {
  const sorted = recipes.toSorted((a, b) => compareText(a.name, b.name));
  return new Map(sorted.map((recipe) => [recipe.name, recipe]));
}
