/** Which keys the files have, and the type of each; rules on values are in the readers. */
import * as v from "valibot";

/** The message of an unknown key's issue: the known keys, separated by a blank. */
function table<Entries extends v.ObjectEntries>(entries: Entries) {
  return v.pipe(v.custom<object>(isTable), v.strictObject(entries, Object.keys(entries).join(" ")));
}

/** Needed because dates and arrays are objects too. */
export function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isDate(value);
}

function isDate(value: object): boolean {
  return value instanceof Date;
}

const text = v.pipe(
  v.string(),
  v.check((value) => !value.includes("\0")),
);
const texts = v.array(text);
const variables = v.pipe(v.custom<object>(isTable), v.record(v.string(), text));

/** No key is required here: what is missing is told by the readers, with its reason. */
export const recipeSchema = table({
  name: v.exactOptional(text),
  version: v.exactOptional(text),
  source: v.exactOptional(
    table({
      path: v.exactOptional(text),
      url: v.exactOptional(text),
      urls: v.exactOptional(texts),
      git: v.exactOptional(text),
      rev: v.exactOptional(text),
      pypi: v.exactOptional(text),
      version: v.exactOptional(text),
      wheel: v.exactOptional(v.boolean()),
      sha256: v.exactOptional(text),
      patches: v.exactOptional(texts),
      crates: v.exactOptional(text),
    }),
  ),
  depends: v.exactOptional(table({ build: v.exactOptional(texts), run: v.exactOptional(texts) })),
  build: v.exactOptional(
    table({
      system: v.exactOptional(text),
      script: v.exactOptional(text),
      args: v.exactOptional(texts),
      env: v.exactOptional(variables),
      directory: v.exactOptional(text),
    }),
  ),
  check: v.exactOptional(
    table({ script: v.exactOptional(text), "host-libraries": v.exactOptional(text) }),
  ),
  stage: v.exactOptional(
    table({
      drop: v.exactOptional(texts),
      "takes-over": v.exactOptional(texts),
      "through-links": v.exactOptional(texts),
    }),
  ),
});

export const configurationSchema = table({ trust: v.exactOptional(texts) });

export const workspaceSchema = table({
  workspace: v.exactOptional(
    table({
      prefix: v.exactOptional(text),
      recipes: v.exactOptional(text),
      python: v.exactOptional(text),
      store: v.exactOptional(text),
      link: v.exactOptional(text),
      path: v.exactOptional(texts),
      env: v.exactOptional(variables),
      format: v.exactOptional(text),
      "weak-renames": v.exactOptional(v.boolean()),
    }),
  ),
  check: v.exactOptional(
    table({
      "host-libraries": v.exactOptional(text),
      "system-libraries": v.exactOptional(texts),
    }),
  ),
});

export const lockSchema = table({
  version: v.exactOptional(v.number()),
  source: v.exactOptional(
    v.array(
      table({
        package: v.exactOptional(text),
        source: v.exactOptional(text),
        sha256: v.exactOptional(text),
        file: v.exactOptional(text),
        commit: v.exactOptional(text),
      }),
    ),
  ),
});

export const knownFailuresSchema = table({
  failure: v.exactOptional(
    v.array(
      table({
        fingerprint: v.exactOptional(text),
        package: v.exactOptional(text),
        note: v.exactOptional(text),
        link: v.exactOptional(text),
      }),
    ),
  ),
});

export type RawRecipe = v.InferOutput<typeof recipeSchema>;
export type RawSource = NonNullable<RawRecipe["source"]>;
export type RawBuild = NonNullable<RawRecipe["build"]>;
export type RawWorkspaceFile = v.InferOutput<typeof workspaceSchema>;
export type RawWorkspace = NonNullable<RawWorkspaceFile["workspace"]>;
export type RawLock = v.InferOutput<typeof lockSchema>;
export type RawPin = NonNullable<RawLock["source"]>[number];
export type RawKnownFailure = NonNullable<
  v.InferOutput<typeof knownFailuresSchema>["failure"]
>[number];
