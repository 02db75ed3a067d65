/** A SageMath checkout as a workspace. */
import { compareText, isWithin } from "../core/index.ts";
import type { Recipe, Workspace } from "../recipe/index.ts";
import type { World } from "../world/index.ts";
import { readCheckout } from "./checkout.ts";
import { configuredRecipes } from "./configured-recipes.ts";
import { type Configured, readConfigured } from "./makefile.ts";
import { planningRecipes } from "./recipes.ts";

/** What the checkout says of itself, for a workspace that says where else things are. */
export type CheckoutWorkspace = Pick<
  Workspace,
  "prefix" | "recipes" | "usual" | "usualChecks" | "remarks" | "notReady"
>;

/** `directory` is the root of the checkout, absolute. */
export function readCheckoutWorkspace(
  { disk, machine }: Pick<World, "disk" | "machine">,
  directory: string,
): CheckoutWorkspace {
  const checkout = readCheckout(disk, directory);
  const configured = readConfigured(disk, checkout.root);
  if (configured === undefined) {
    const recipes = planningRecipes(checkout);
    return {
      prefix: `${checkout.root}/local`,
      recipes: byName(recipes),
      usual: namesOf(recipes, (recipe) => recipe.sage?.type === "standard"),
      remarks: [notConfigured],
      notReady: "it is not configured yet: run ./bootstrap and ./configure there first",
    };
  }
  const recipes = configuredRecipes({ disk, machine, checkout, configured });
  const { local, wanted, dummies } = configured;
  return {
    prefix: local,
    recipes: byName(recipes),
    usual: namesOf(
      recipes,
      ({ name, refusal }) => wanted.has(name) && !dummies.has(name) && refusal === undefined,
    ),
    usualChecks: configured.variable("SAGE_CHECK_PACKAGES_DEFAULT_yes"),
    ...reasonNotToBuild(configured),
  };
}

function reasonNotToBuild({ local, venv, variable }: Configured): { notReady?: string } {
  if (variable("SAGE_VENV_FLAGS") === "DISABLED") {
    return { notReady: "it is configured without a virtual environment, which tenon cannot build" };
  }
  if (isWithin(venv, local)) return {};
  return { notReady: `its SAGE_VENV, ${venv}, lies outside of SAGE_LOCAL, ${local}` };
}

const notConfigured =
  "the checkout is not configured: this is what its files say, with nothing from the system";

function namesOf(recipes: readonly Recipe[], isMeant: (recipe: Recipe) => boolean): string[] {
  return recipes.filter(isMeant).map(({ name }) => name);
}

function byName(recipes: readonly Recipe[]): Map<string, Recipe> {
  const sorted = recipes.toSorted((a, b) => compareText(a.name, b.name));
  return new Map(sorted.map((recipe) => [recipe.name, recipe]));
}
