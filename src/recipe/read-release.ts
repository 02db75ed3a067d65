/** Reads the file of a release: where a tree comes from, how it is built, and what of it is given to others. */
import { dirname, resolve } from "node:path";
import { type Document, openDocument } from "./document.ts";
import { type Mistake, throwMistakes } from "./mistakes.ts";
import { releaseSchema } from "./schema.ts";
import { checkShape } from "./shape.ts";
import { oneOf, quote } from "./wording.ts";

export interface Release {
  readonly checkout: {
    /** For git; absent where the tree is there already. */
    readonly repository?: string;
    /** A tag, a branch or a commit. */
    readonly ref?: string;
    /** Absolute. */
    readonly path: string;
  };
  /** For sh, in the tree. */
  readonly build?: string;
  readonly stage: {
    readonly name?: string;
    readonly set?: string;
    readonly patterns: readonly ({ readonly include: string } | { readonly exclude: string })[];
  };
  readonly trial?: string;
  readonly dist: {
    /** Absolute. */
    readonly folder: string;
    readonly formats?: readonly string[];
    /** The name of the key that signs. */
    readonly key?: string;
  };
}

export interface ReleaseChoices {
  readonly sets: readonly string[];
  readonly formats: readonly string[];
}

/** Throws one error for all mistakes. Folders are taken from that of the file. */
export function readRelease(
  file: string,
  content: Uint8Array,
  { sets, formats }: ReleaseChoices,
): Release {
  const mistakes: Mistake[] = [];
  const { document, values } = openDocument({
    file,
    shownAs: file,
    content,
    family: "RELEASE",
    mistakes,
  });
  const raw = checkShape(releaseSchema, document, values ?? {});
  const { checkout = {}, build = {}, stage = {}, trial = {}, dist = {} } = raw;
  if (checkout.path === undefined && values !== undefined) reportNoPath(document);
  checkChoice(document, ["stage", "set"], stage.set, sets);
  dist.formats?.forEach((each, index) =>
    checkChoice(document, ["dist", "formats", index], each, formats),
  );
  const folderOf = (text: string): string => resolve(dirname(file), text);
  const release = {
    checkout: { ...checkout, path: folderOf(checkout.path ?? ".") },
    ...(build.script === undefined ? {} : { build: build.script }),
    stage: { ...stage, patterns: readPatterns(document, stage.patterns ?? []) },
    ...(trial.script === undefined ? {} : { trial: trial.script }),
    dist: { ...dist, folder: folderOf(dist.folder ?? "dist") },
  };
  throwMistakes(mistakes);
  return release;
}

function reportNoPath(document: Document): void {
  const expected = 'path = "…": the folder in which the tree is, or will be, built';
  const what = "checkout has no path";
  document.report({ code: "MISSING_KEY", at: ["checkout"], part: "key", what, expected });
}

function checkChoice(
  document: Document,
  at: readonly (string | number)[],
  value: string | undefined,
  choices: readonly string[],
): void {
  if (value === undefined || choices.includes(value)) return;
  const what = `${at.slice(0, 2).join(".")} is ${quote(value)}`;
  document.report({ code: "VALUE", at: [...at], what, expected: oneOf(choices.map(quote)) });
}

function readPatterns(
  document: Document,
  patterns: readonly { readonly include?: string; readonly exclude?: string }[],
): Release["stage"]["patterns"] {
  return patterns.flatMap((each, index): Release["stage"]["patterns"] => {
    const { include, exclude } = each;
    if (include !== undefined && exclude === undefined) return [{ include }];
    if (exclude !== undefined && include === undefined) return [{ exclude }];
    const what = `stage.patterns[${index}] is not one pattern`;
    const expected = '{ include = "…" } or { exclude = "…" }';
    document.report({ code: "VALUE", at: ["stage", "patterns", index], what, expected });
    return [];
  });
}
