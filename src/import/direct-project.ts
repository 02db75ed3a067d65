/** Projects of a lock file that do not come from an index: how each format names their sources. */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Digest, isDigest, pathDefect } from "../core/index.ts";
import type { Requirement } from "../requirements/index.ts";
import { isFullCommit, isTable } from "../recipe/index.ts";
import type { DirectProject, Table } from "./wanted.ts";

/** What is wrong with it is a sentence. */
export type ReadDirect = Omit<DirectProject, "version" | "needs"> | string;

/**
 * uv.lock: `{ git = "URL?subdirectory=DIR#COMMIT" }`, `{ url = … }`, and paths relative to the lock
 * file's folder. Undefined for a package of an index, and for a virtual one, which is not a package.
 */
export function uvDirect(item: Table, folder: string): ReadDirect | undefined {
  const source = isTable(item["source"]) ? item["source"] : {};
  const { git, url, subdirectory } = source;
  if (typeof git === "string") return uvGit(git);
  if (typeof url === "string") return withDirectory(urlSource(url, uvDigests(item)), subdirectory);
  const path = source["path"] ?? source["directory"] ?? source["editable"];
  if (typeof path === "string") return pathSource(folder, path);
  return undefined;
}

/** pylock.toml (PEP 751): the tables `vcs`, `directory` and `archive` of a package. */
export function pylockDirect(item: Table, folder: string): ReadDirect | undefined {
  const { vcs, directory, archive } = item;
  if (isTable(vcs)) {
    if (vcs["type"] !== "git") return "it comes from a repository that is not git's";
    const { url, path } = vcs;
    const repository = typeof url === "string" ? url : resolve(folder, textOf(path));
    return withDirectory(gitSource(repository, vcs["commit-id"]), vcs["subdirectory"]);
  }
  if (isTable(directory)) {
    return withDirectory(pathSource(folder, directory["path"]), directory["subdirectory"]);
  }
  if (!isTable(archive)) return undefined;
  const { url, path, hashes, subdirectory } = archive;
  const digests = isTable(hashes) ? [hashes["sha256"]] : [];
  const source = typeof url === "string" ? urlSource(url, digests) : pathSource(folder, path);
  return withDirectory(source, subdirectory);
}

/** For a resolver: `name @ git+URL@COMMIT#subdirectory=DIR` and the like. */
export function directRequirement(name: string, { source, directory }: DirectProject): Requirement {
  const below = directory === undefined ? "" : `#subdirectory=${directory}`;
  return { name, extras: [], specifier: "", url: `${addressOf(source)}${below}` };
}

function addressOf(source: DirectProject["source"]): string {
  switch (source.kind) {
    case "path":
      return pathToFileURL(source.path).href;
    case "url":
      return source.urls[0] ?? "";
    case "git": {
      const { repository, revision } = source;
      const url = repository.startsWith("/") ? pathToFileURL(repository).href : repository;
      return `git+${url}@${revision}`;
    }
  }
}

/** A file may have anything in the place of a text. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function uvGit(text: string): ReadDirect {
  const [front = "", commit] = text.split("#");
  const [repository = "", query = ""] = front.split("?");
  const subdirectory = new URLSearchParams(query).get("subdirectory") ?? undefined;
  return withDirectory(gitSource(repository, commit), subdirectory);
}

function gitSource(repository: string, commit: unknown): ReadDirect {
  if (typeof commit !== "string" || !isFullCommit(commit)) return "it names no full commit of git";
  return { source: { kind: "git", repository, revision: commit } };
}

function urlSource(url: string, digests: readonly unknown[]): ReadDirect {
  const sha256 = digests.find((digest): digest is Digest => isDigest(digest));
  if (sha256 === undefined) return "it comes from an address without a sha256";
  return { source: { kind: "url", urls: [url], sha256 } };
}

function uvDigests({ sdist, wheels }: Table): string[] {
  const files = [sdist, ...(Array.isArray(wheels) ? wheels : [])].filter(isTable);
  return files.map(({ hash }) => textOf(hash).replace(/^sha256:/, ""));
}

function pathSource(folder: string, path: unknown): ReadDirect {
  if (typeof path !== "string" || path === "") return "it names no path";
  return { source: { kind: "path", path: resolve(folder, path) } };
}

function withDirectory(direct: ReadDirect, directory: unknown): ReadDirect {
  if (typeof direct === "string" || directory === undefined || directory === ".") return direct;
  if (typeof directory !== "string" || pathDefect(directory) !== undefined) {
    return "its subdirectory is not a folder below its source";
  }
  return { ...direct, directory };
}
