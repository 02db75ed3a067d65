/** The values of `[source]`, each checked alone: paths, URLs, repositories, revisions, projects. */
import { dirname, isAbsolute, resolve } from "node:path";
import { pathOfFileUrl } from "../core/index.ts";
import type { Document } from "./document.ts";
import type { KeyPath } from "./positions.ts";
import type { RecipeFile } from "./recipe-file.ts";
import type { Source } from "./recipe.ts";
import { nameOfKey, quote } from "./wording.ts";

export function readPathSource({ disk, document }: RecipeFile, path: string): Source {
  const absolute = resolve(dirname(document.file), path);
  const at = ["source", "path"];
  const expected = "a folder, an archive or a wheel, relative to this file";
  if (path === "") {
    document.report({ code: "VALUE", at, what: "source.path is empty", expected });
  } else if (disk.statusOfTarget(absolute) === undefined) {
    const what = `source.path ${quote(path)} does not exist`;
    document.report({ code: "VALUE", at, what, expected });
  }
  return { kind: "path", path: absolute };
}

export function readUrls(document: Document, urls: readonly string[]): readonly string[] {
  const at = ["source", "urls"];
  if (urls.length === 0) {
    document.report({ code: "VALUE", at, what: "source.urls is empty", expected: "a URL or more" });
  }
  urls.forEach((url, index) => checkUrl(document, [...at, index], url));
  return urls;
}

export function checkUrl(document: Document, at: KeyPath, url: string): void {
  const isLocal = url.startsWith("file:");
  const isKnown = /^(https?:\/\/[^\s/]|file:\/\/\/)\S*$/.test(url) && URL.canParse(url);
  if (isKnown && (!isLocal || pathOfFileUrl(url) !== undefined)) return;
  const what = `${nameOfKey(at)}, ${quote(url)}, is not a URL that tenon can fetch`;
  const expected = "https://…, http://… or file:///…";
  document.report({ code: "VALUE", at, what, expected });
}

/** A beginning with `-` would be an option for git. */
export function checkRepository(document: Document, repository: string): void {
  const isUrl = /^(https?|git|ssh|file):\/\/\S+$/.test(repository);
  const isRemote = /^[\w.-]+@[\w.-]+:[^\s-]\S*$/.test(repository);
  const isLocal = isAbsolute(repository) && !/\p{Cc}/u.test(repository);
  if (isUrl || isRemote || isLocal) return;
  const what = `source.git ${quote(repository)} is not a repository that tenon can fetch`;
  const expected = "https://…, ssh://…, git://…, file://…, user@host:path or an absolute path";
  document.report({ code: "VALUE", at: ["source", "git"], what, expected });
}

export function readRevision(document: Document, revision: string | undefined): string {
  const at = ["source", "rev"];
  const expected = "a commit, tag or branch";
  if (revision === undefined) {
    document.report({ code: "MISSING_KEY", at, what: "source.rev is missing", expected });
  } else if (!/^[^\s\p{Cc}-][^\s\p{Cc}]*$/u.test(revision)) {
    const what = `source.rev ${quote(revision)} is not a revision`;
    document.report({ code: "VALUE", at, what, expected });
  }
  return revision ?? "";
}

/** The name in the form that the index uses (PEP 503). */
export function readProject(document: Document, project: string): string {
  if (!/^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/i.test(project)) {
    const what = `source.pypi ${quote(project)} is not the name of a Python project`;
    const expected = "letters, digits, '-', '_' and '.', with a letter or digit at both ends";
    document.report({ code: "VALUE", at: ["source", "pypi"], what, expected });
  }
  return project.toLowerCase().replaceAll(/[-_.]+/g, "-");
}

/** Absolute paths; each must be a file. */
export function readPatches({ disk, document, raw }: RecipeFile): readonly string[] {
  const folder = dirname(document.file);
  return (raw.source?.patches ?? []).map((patch, index) => {
    const file = resolve(folder, patch);
    if (disk.statusOfTarget(file)?.type === "file") return file;
    const at = ["source", "patches", index];
    const what = `${nameOfKey(at)}, ${quote(patch)}, is not a file`;
    document.report({ code: "VALUE", at, what, expected: "a patch, relative to this file" });
    return file;
  });
}
