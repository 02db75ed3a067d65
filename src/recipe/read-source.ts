/** Reads `[source]`: where the package comes from, in one of five forms. */
import { isDigest } from "../core/index.ts";
import type { Document } from "./document.ts";
import type { RecipeFile } from "./recipe-file.ts";
import type { BuildSystem, Source } from "./recipe.ts";
import type { KeyPath } from "./positions.ts";
import type { RawSource } from "./schema.ts";
import {
  checkRepository,
  checkUrl,
  readPathSource,
  readProject,
  readRevision,
  readUrls,
} from "./source-values.ts";
import { nameOfKey, oneOf, quote } from "./wording.ts";

const forms = ["path", "url", "urls", "git", "pypi"] as const;
type Form = (typeof forms)[number];

/** Undefined when there is none, and when what there is was reported. */
export function readSource(file: RecipeFile, system: BuildSystem): Source | undefined {
  const { document } = file;
  if (file.raw.source === undefined) return undefined;
  const raw = fillInVersion(document, file.raw.source, file.raw.version ?? "");
  const form = onlyForm(document, raw);
  if (form === undefined) return undefined;
  checkCompanions(document, raw, form);
  checkDigest(document, raw.sha256);
  const source = readForm(file, raw, form, system);
  if (system === "python-venv") refuseSource(document);
  if (system === "wheel" && source !== undefined) checkWheel(document, source, form);
  if (system === "wheel" && raw.patches !== undefined) refusePatches(document);
  return source;
}

/** So that a new version is written in one place. Nothing else can be named in an address. */
function fillInVersion(document: Document, raw: RawSource, version: string): RawSource {
  const fill = (text: string, at: KeyPath): string => {
    const filled = text.replaceAll("${VERSION}", version);
    const [unknown] = /\$\{[^}]*\}/.exec(filled) ?? [];
    if (unknown !== undefined) {
      const what = `${nameOfKey(at)} names ${unknown}`;
      document.report({ code: "VALUE", at, what, expected: "${VERSION} or nothing" });
    }
    return filled;
  };
  const { url, urls, rev } = raw;
  return {
    ...raw,
    ...(url === undefined ? {} : { url: fill(url, ["source", "url"]) }),
    ...(urls === undefined
      ? {}
      : { urls: urls.map((each, index) => fill(each, ["source", "urls", index])) }),
    ...(rev === undefined ? {} : { rev: fill(rev, ["source", "rev"]) }),
  };
}

function onlyForm(document: Document, raw: RawSource): Form | undefined {
  const given = forms.filter((form) => raw[form] !== undefined);
  const [first, second] = given;
  const at = ["source"];
  if (first === undefined) {
    const what = `source has none of ${oneOf(forms)}`;
    document.report({ code: "MISSING_KEY", at, what, expected: "exactly one of them" });
  } else if (second !== undefined) {
    const what = `source has ${given.join(" and ")}`;
    const expected = `exactly one of ${oneOf(forms)}`;
    document.report({ code: "VALUE", at: ["source", second], part: "key", what, expected });
    return undefined;
  }
  return first;
}

const formsThatAllow: readonly (readonly [keyof RawSource, readonly Form[]])[] = [
  ["rev", ["git"]],
  ["version", ["pypi"]],
  ["wheel", ["pypi"]],
  ["sha256", ["url", "urls", "git", "pypi"]],
];

function checkCompanions(document: Document, raw: RawSource, form: Form): void {
  for (const [key, allowed] of formsThatAllow) {
    if (raw[key] === undefined || allowed.includes(form)) continue;
    const what = `source.${key} does not go with source.${form}`;
    const expected = `it only with ${oneOf(allowed)}`;
    document.report({ code: "VALUE", at: ["source", key], part: "key", what, expected });
  }
}

function checkDigest(document: Document, sha256: string | undefined): void {
  if (sha256 === undefined || isDigest(sha256)) return;
  const what = `source.sha256 ${quote(sha256)} is not a digest`;
  const expected = "64 lower-case hexadecimal digits";
  document.report({ code: "VALUE", at: ["source", "sha256"], what, expected });
}

function readForm(
  file: RecipeFile,
  raw: RawSource,
  form: Form,
  system: BuildSystem,
): Source | undefined {
  const digest = raw.sha256 === undefined ? {} : { sha256: raw.sha256 };
  switch (form) {
    case "path":
      return readPathSource(file, raw.path ?? "");
    case "url":
      checkUrl(file.document, ["source", "url"], raw.url ?? "");
      return { kind: "url", urls: [raw.url ?? ""], ...digest };
    case "urls":
      return { kind: "url", urls: readUrls(file.document, raw.urls ?? []), ...digest };
    case "git":
      checkRepository(file.document, raw.git ?? "");
      return {
        kind: "git",
        repository: raw.git ?? "",
        revision: readRevision(file.document, raw.rev),
        ...digest,
      };
    case "pypi":
      return {
        kind: "pypi",
        project: readProject(file.document, raw.pypi ?? ""),
        version: raw.version ?? file.raw.version ?? "",
        distribution: (raw.wheel ?? system === "wheel") ? "wheel" : "sdist",
        ...digest,
      };
  }
}

function refuseSource(document: Document): void {
  const what = "build.system python-venv takes no source";
  document.report({ code: "VALUE", at: ["source"], what, expected: "no table [source]" });
}

function refusePatches(document: Document): void {
  const what = "source.patches does not go with build.system wheel";
  const expected = "no patches, as a wheel is installed as it is";
  document.report({ code: "VALUE", at: ["source", "patches"], part: "key", what, expected });
}

function checkWheel(document: Document, source: Source, form: Form): void {
  if (isWheel(source)) return;
  const at = ["source", form === "pypi" ? "wheel" : form];
  const what = `build.system wheel needs a wheel, which source.${form} is not`;
  const expected = "a pypi wheel, a URL or a path that ends with .whl";
  document.report({ code: "VALUE", at, what, expected });
}

function isWheel(source: Source): boolean {
  switch (source.kind) {
    case "path":
      return source.path.endsWith(".whl");
    case "url":
      return source.urls.some((url) => /\.whl([?#]|$)/.test(url));
    case "git":
      return false;
    case "pypi":
      return source.distribution === "wheel";
  }
}
