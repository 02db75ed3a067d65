/** known-failures.toml: failures that a team knows, each with a note or a link. */
import { type Document, type DocumentOptions, openDocument } from "./document.ts";
import { isPackageName, packageNameRule } from "./package-name.ts";
import type { KnownFailure } from "./recipe.ts";
import { knownFailuresSchema, type RawKnownFailure } from "./schema.ts";
import { checkShape } from "./shape.ts";
import { nameOfKey, quote } from "./wording.ts";

export const knownFailuresFileName = "known-failures.toml";

/** Gives the good entries, and adds what is wrong to the mistakes. */
export function readKnownFailures(options: Omit<DocumentOptions, "family">): KnownFailure[] {
  const { document, values } = openDocument({ ...options, family: "KNOWN" });
  if (values === undefined) return [];
  const raw = checkShape(knownFailuresSchema, document, values).failure ?? [];
  return raw.flatMap((each, index) => readEntry(document, each, index));
}

function readEntry(document: Document, raw: RawKnownFailure, index: number): KnownFailure[] {
  const { fingerprint, note, link, package: name } = raw;
  const report = (key: keyof RawKnownFailure, code: string, what: string, expected: string): void =>
    document.report({ code, at: ["failure", index, key], what, expected });
  const keyName = (key: keyof RawKnownFailure): string => nameOfKey(["failure", index, key]);
  if (fingerprint === undefined) {
    const what = `${keyName("fingerprint")} is missing`;
    report("fingerprint", "MISSING_KEY", what, "fingerprint in every [[failure]]");
  } else if (!/^[0-9a-f]{12}$/.test(fingerprint)) {
    const what = `${keyName("fingerprint")} is ${quote(fingerprint)}`;
    report("fingerprint", "VALUE", what, "12 lower-case hexadecimal digits");
  }
  if (note === undefined && link === undefined) {
    const what = `${keyName("note")} is missing`;
    report("note", "MISSING_KEY", what, "a note or a link in every [[failure]]");
  }
  if (name !== undefined && !isPackageName(name)) {
    report("package", "VALUE", `${keyName("package")} is ${quote(name)}`, packageNameRule);
  }
  if (fingerprint === undefined) return [];
  return [
    {
      fingerprint,
      ...(name === undefined ? {} : { package: name }),
      ...(note === undefined ? {} : { note }),
      ...(link === undefined ? {} : { link }),
    },
  ];
}
