/**
 * What an installer adds to a wheel's own files: scripts that name the interpreter, INSTALLER, RECORD, and where the wheel
 * came from. They differ from prefix to prefix, and are few and small. Pure.
 */
import { posix } from "node:path";
import { type Digest, digestOf, type Entry, type FileEntry, joinPath } from "../core/index.ts";
import type { EntryPoint } from "./wheel-metadata.ts";
import type { InstallScheme } from "./wheel-plan.ts";
import { formatRecord } from "./wheel-record.ts";
import { entryPointScript, rewriteScript } from "./wheel-scripts.ts";

/** What of the wheel is needed for that. */
export interface AddedFacts {
  /** The name of the folder with the metadata. */
  readonly distInfo: string;
  readonly isPure: boolean;
  readonly scripts: readonly EntryPoint[];
  /** Scripts of the wheel that begin with `#!python`. */
  readonly ownScripts: readonly { readonly path: string; readonly base64: string }[];
}

export interface AddedHow {
  readonly scheme: InstallScheme;
  /** What scripts are started with: absolute, at its place in the prefix. */
  readonly interpreter: string;
  /** A person asked for this very file; absent where it comes from an index or was built here. */
  readonly requested?: DirectUrl;
}

/** Where the wheel came from (PEP 610). */
interface DirectUrl {
  readonly url: string;
  readonly sha256: Digest;
}

interface AddedFile extends FileEntry {
  readonly content: Buffer;
}

/** `own` are the entries of the wheel's own files; RECORD, the last, lists these and the added ones. */
export function addedFiles(facts: AddedFacts, own: readonly Entry[], how: AddedHow): AddedFile[] {
  const { scheme, interpreter, requested } = how;
  const site = facts.isPure ? scheme.purelib : scheme.platlib;
  const distInfo = joinPath(site, facts.distInfo);
  const files: AddedFile[] = [];
  const add = (path: string, mode: number, text: string | Uint8Array): void => {
    const content = Buffer.from(text);
    const sizeBytes = content.length;
    files.push({ type: "file", path, mode, sizeBytes, sha256: digestOf(content), content });
  };
  for (const { path, base64 } of facts.ownScripts)
    add(path, 0o755, rewriteScript(Buffer.from(base64, "base64"), interpreter));
  for (const script of facts.scripts)
    add(joinPath(scheme.scripts, script.name), 0o755, entryPointScript(script, interpreter));
  add(`${distInfo}/INSTALLER`, 0o644, "tenon\n");
  if (requested !== undefined) {
    add(`${distInfo}/REQUESTED`, 0o644, "");
    add(`${distInfo}/direct_url.json`, 0o644, directUrlText(requested));
  }
  const record = `${distInfo}/RECORD`;
  const rows = [...own.filter((entry) => entry.type === "file"), ...files].map(
    ({ path, sha256, sizeBytes }) => ({ path: relativeTo(site, path), sha256, sizeBytes }),
  );
  add(record, 0o644, formatRecord([...rows, { path: relativeTo(site, record) }]));
  return files;
}

/** Whether its first line names the interpreter. */
export function namesInterpreter(facts: AddedFacts): boolean {
  return facts.scripts.length > 0 || facts.ownScripts.length > 0;
}

/** `hash` is what readers older than `hashes` look for. */
function directUrlText({ url, sha256 }: DirectUrl): string {
  return JSON.stringify({ url, archive_info: { hash: `sha256=${sha256}`, hashes: { sha256 } } });
}

function relativeTo(site: string, path: string): string {
  return path.startsWith(`${site}/`)
    ? path.slice(site.length + 1)
    : posix.relative(`/${site}`, `/${path}`);
}
