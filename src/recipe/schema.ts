/** Which keys the files have, and the type of each; rules on values are in the readers. */
import type { Shape, ShapedValue } from "./shape.ts";

/** No key is required: what is missing is told by the readers, with its reason. */
export const recipeSchema = {
  name: "text",
  version: "text",
  "wanted-by": "text",
  license: "text or list",
  homepage: "text",
  source: {
    path: "text",
    url: "text",
    urls: ["text"],
    git: "text",
    rev: "text",
    pypi: "text",
    version: "text",
    wheel: "boolean",
    sha256: "text",
    patches: ["text"],
    crates: "text",
  },
  depends: { build: ["text"], run: ["text"] },
  build: {
    system: "text",
    script: "text",
    args: ["text"],
    env: "variables",
    directory: "text",
    relocatable: "boolean",
  },
  check: { script: "text", "host-libraries": "text" },
  run: { env: "variables" },
  stage: { drop: ["text"], "takes-over": ["text"], "through-links": ["text"] },
} as const satisfies Shape;

export const configurationSchema = {
  trust: ["text"],
  store: { keep: "text", "max-size": "text" },
} as const satisfies Shape;

export const workspaceSchema = {
  workspace: {
    prefix: "text",
    recipes: "text",
    python: "text",
    store: "text",
    link: "text",
    path: ["text"],
    env: "variables",
    format: "text",
    "weak-renames": "boolean",
    keep: "boolean",
  },
  check: { "host-libraries": "text", "system-libraries": ["text"] },
  execution: {
    url: "text",
    jobs: "number",
    "at-once": "number",
    arguments: ["text"],
    command: ["text"],
    node: "text",
    store: "text",
    shortest: "number",
    platform: "variables",
    timeout: "number",
    storage: "text",
  },
  cache: { url: "text", push: "text", keys: ["text"], require: "number" },
} as const satisfies Shape;

export const lockSchema = {
  version: "number",
  source: [{ package: "text", source: "text", sha256: "text", file: "text", commit: "text" }],
} as const satisfies Shape;

export const knownFailuresSchema = {
  failure: [{ fingerprint: "text", package: "text", note: "text", link: "text" }],
} as const satisfies Shape;

export type RawRecipe = ShapedValue<typeof recipeSchema>;
export type RawSource = NonNullable<RawRecipe["source"]>;
export type RawBuild = NonNullable<RawRecipe["build"]>;
export type RawWorkspaceFile = ShapedValue<typeof workspaceSchema>;
export type RawWorkspace = NonNullable<RawWorkspaceFile["workspace"]>;
export type RawPin = NonNullable<ShapedValue<typeof lockSchema>["source"]>[number];
export type RawKnownFailure = NonNullable<
  ShapedValue<typeof knownFailuresSchema>["failure"]
>[number];

/** Of a release: what `tenon bundle --release` does, step by step. */
export const releaseSchema = {
  checkout: { repository: "text", ref: "text", path: "text" },
  build: { script: "text" },
  stage: { name: "text", set: "text", patterns: [{ include: "text", exclude: "text" }] },
  trial: { script: "text" },
  dist: { folder: "text", formats: ["text"], key: "text" },
} as const satisfies Shape;
