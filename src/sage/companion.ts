/** A SageMath checkout as a companion: its make and tenon build the same packages into the same prefix. */
import { assert, TenonError } from "../core/index.ts";
import type { Companion, CompanionFormat, CompanionPackage } from "../recipe/index.ts";
import { findAdoptable, isHeld } from "./adoptable.ts";
import { keepSageLog, makeEntrance, settleStamps } from "./bookkeeping.ts";
import { askedBy, checkModes } from "./checks.ts";
import type { SageRecipe } from "./sage-recipe.ts";
import { type CheckoutWorkspace, readCheckoutWorkspace } from "./workspace.ts";

export const sage: CompanionFormat = {
  parts: ["build", "build/pkgs", "logs", "logs/tenon"],
  stateFolder: "logs/tenon", // git does not look there
  read: (world, root, { prefix, environment = {} }) => {
    const checkout = readCheckoutWorkspace(world, root, environment);
    requireItsPrefix(checkout, prefix);
    return {
      prefix: checkout.prefix,
      recipes: checkout.recipes,
      companion: companionOf(root, checkout, environment),
    };
  },
};

type Environment = Readonly<Record<string, string>>;

function companionOf(
  root: string,
  checkout: CheckoutWorkspace,
  environment: Environment,
): Companion {
  const { recipes, usual, usualChecks, entrance, remarks = [], notReady } = checkout;
  const recipeOf = (name: string): SageRecipe => {
    const recipe = recipes.get(name);
    assert(recipe !== undefined, `the checkout has no package ${name}`);
    return recipe;
  };
  return {
    name: "Sage",
    root,
    remarks,
    ...(notReady === undefined ? {} : { notReady }),
    usual,
    standard: [...recipes.values()]
      .filter((recipe) => recipe.sage.type === "standard" && recipe.refusal === undefined)
      .map(({ name }) => name),
    packages: new Map([...recipes].map(([name, recipe]) => [name, packageOf(root, recipe)])),
    checksFor: (given) => {
      const asked = given ?? askedBy(environment);
      if (usualChecks === undefined) return () => asked;
      return checkModes(asked, { usual: usualChecks, own: environment["SAGE_CHECK_PACKAGES"] });
    },
    prepare: (world, emit) => {
      if (entrance !== undefined) makeEntrance(world, entrance, emit);
    },
    holds: (disk, prefix, recorded) => {
      const recipe = recipes.get(recorded.name);
      return recipe === undefined || isHeld(disk, prefix, recorded, recipe);
    },
    installed: (disk, prefix, isKnown) => findAdoptable(disk, prefix, recipes, isKnown),
    keepLogs: (disk, name, logFiles) => keepSageLog(disk, root, recipeOf(name), logFiles),
    settle: settleStamps,
    howToNeed: (name, others) =>
      `add ${others.join(" ")} to ${recipeOf(name).file}/dependencies, run ./configure`,
    listOfNeeds: (name) => ({
      list: `${recipeOf(name).file}/dependencies`,
      next: "Then run ./configure.",
    }),
    howToClear: (name) =>
      `If Sage's pip has installed it before, take that away: \`./sage --pip uninstall\`, with what ${recipeOf(name).file}/requirements.txt names and what that brought.`,
  };
}

/** Seconds, by how a package is made. */
const priors: Readonly<Record<string, number>> = { wheel: 4, normal: 60, script: 30 };

function packageOf(
  root: string,
  { sage: facts, inputFiles, refusal }: SageRecipe,
): CompanionPackage {
  const { source, tree } = facts;
  const priorSeconds = priors[source];
  const show = (file: string): string =>
    file.startsWith(`${root}/`) ? file.slice(root.length + 1) : file;
  return {
    facts: { ...facts },
    kind: `${source} in ${tree}`,
    ...(priorSeconds === undefined ? {} : { priorSeconds }),
    inputFiles: () => (inputFiles?.() ?? []).map((path) => ({ name: show(path), path })),
    ...(refusal === undefined ? {} : { refusal }),
  };
}

/** Its scripts know no other prefix. */
function requireItsPrefix(checkout: CheckoutWorkspace, wanted: string | undefined): void {
  if (wanted === undefined || wanted === checkout.prefix) return;
  throw new TenonError({
    kind: "usage",
    code: "SAGE_PREFIX",
    message: `the checkout is configured for ${checkout.prefix}, not for ${wanted}`,
    hints: ["Leave --prefix out, or run its ./configure with another --prefix."],
  });
}
