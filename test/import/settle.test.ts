/** Resolving again and again, until what is to be built with is known too. */
import { expect, test } from "vitest";
import type { ResolveOutcome } from "../../src/import/resolve.ts";
import { settle, type SettleOptions } from "../../src/import/settle.ts";
import type { ChosenSource } from "../../src/import/choose.ts";
import { allows, parseRequirement, type Requirement } from "../../src/requirements/index.ts";

/** What the index has: each version with what it needs to be built; an object has numbers in order. */
type Index = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

const require = (text: string): Requirement => {
  const requirement = parseRequirement(text);
  if (typeof requirement === "string") throw new Error(requirement);
  return requirement;
};

/** The newest version that all allow, or a refusal. */
function resolveIn(index: Index, requirements: readonly Requirement[]): ResolveOutcome {
  const resolution = new Map();
  for (const { name } of requirements) {
    const bounds = requirements.filter((other) => other.name === name);
    const version = Object.keys(index[name] ?? {}).findLast((each) =>
      bounds.every(({ specifier }) => allows(specifier, each)),
    );
    if (version === undefined) {
      return { kind: "refused", resolver: "uv", reason: [`there is no ${name}`] };
    }
    resolution.set(name, { name, version, needs: [] });
  }
  return { kind: "resolved", resolution };
}

async function settleIn(index: Index, ...wanted: string[]) {
  const notes: string[] = [];
  const asked: string[] = [];
  const options: SettleOptions = {
    requirements: wanted.map(require),
    resolve: async (requirements) => resolveIn(index, requirements),
    choose: async (resolution) =>
      [...resolution.values()].map(
        ({ name, version }) => ({ form: "sdist", recipe: { name, version } }) as ChosenSource,
      ),
    ask: async (choices) =>
      choices.map(({ recipe: { name, version } }) => {
        asked.push(`${name} ${version}`);
        return { requirements: (index[name]?.[version] ?? []).map(require), notes: [] };
      }),
    onNote: (name, text) => notes.push(`${name}: ${text}`),
  };
  const { resolution } = await settle(options);
  const versions = [...resolution.values()].map(({ name, version }) => `${name} ${version}`);
  return { versions: versions.sort(), notes };
}

test("backends of backends are found", async () => {
  const index = { app: { 1: ["hatch"] }, hatch: { 2: ["plug>=1"] }, plug: { 1: [] } };
  expect(await settleIn(index, "app")).toEqual({
    versions: ["app 1", "hatch 2", "plug 1"],
    notes: [],
  });
});

test("a build requirement of one may choose another's version, and what that no longer needs goes", async () => {
  const index = {
    app: { 1: ["tool<2"] },
    lib: { 1: ["tool"] },
    tool: { 2: ["extra"], 1: [] },
    extra: { 1: [] },
  };
  expect((await settleIn(index, "lib", "app")).versions).toEqual(["app 1", "lib 1", "tool 1"]);
});

test("bounds that exclude each other: those that forbid newer versions are given up, and told", async () => {
  const index = { app: { 1: ["tool<2"] }, lib: { 1: ["tool>=2"] }, tool: { 2: [], 1: [] } };
  expect(await settleIn(index, "lib", "app")).toEqual({
    versions: ["app 1", "lib 1", "tool 2"],
    notes: ["app: it asks for tool<2 to build, and gets 2"],
  });
});

test("what the person wants is never loosened; who asked for what is told", async () => {
  const index = { app: { 1: ["tool>=2"] }, tool: { 2: [], 1: [] } };
  await expect(settleIn(index, "app", "tool<2")).rejects.toMatchObject({
    code: "CANNOT_RESOLVE",
    message:
      "uv finds no versions that go together:\nthere is no tool\napp asks for tool>=2 to build",
  });
});

test("what never settles ends with a sentence", async () => {
  const index = {
    app: { 1: ["tool"] },
    tool: { 2: ["app==1", "flip"], 1: [] },
    flip: { 1: ["tool<2"] },
  };
  await expect(settleIn(index, "app")).rejects.toMatchObject({ code: "CANNOT_SETTLE" });
});
