/** Reads `[cache]` of tenon.toml: where others' results are, and whose word on them counts. */
import { dirname, resolve } from "node:path";
import { pathOfFileUrl } from "../core/index.ts";
import { parsePublicKey, type PublicKey } from "../signing/index.ts";
import type { Document } from "./document.ts";
import type { CacheSettings, Workspace } from "./recipe.ts";
import type { RawWorkspaceFile } from "./schema.ts";
import { oneOf, quote } from "./wording.ts";

type RawCache = NonNullable<RawWorkspaceFile["cache"]>;

export function readCache(document: Document, raw: RawCache | undefined): Pick<Workspace, "cache"> {
  if (raw === undefined) return {};
  const url = readPlace(document, "url", raw.url, readable);
  const push = readPlace(document, "push", raw.push, writable);
  if (raw.url === undefined) reportNoUrl(document);
  const keys = readKeys(document, raw.keys ?? []);
  const require = readRequire(document, raw);
  if (url === undefined) return {};
  const cache: CacheSettings = { url, keys, require, ...(push === undefined ? {} : { push }) };
  return { cache };
}

const writable = ["oci", "oci+http", "reapi", "reapis"];
const readable = ["http", "https", ...writable];

/** An address of one of these kinds, or a folder, which is taken from the folder of tenon.toml. */
function readPlace(
  document: Document,
  key: "url" | "push",
  value: string | undefined,
  schemes: readonly string[],
): string | undefined {
  if (value === undefined) return undefined;
  const folder = folderIn(value);
  if (folder !== undefined) return resolve(dirname(document.file), folder);
  const scheme = /^([a-z][a-z0-9+]*):\/\/[^/]/.exec(value)?.[1];
  if (scheme !== undefined && schemes.includes(scheme)) return value.replace(/\/+$/, "");
  const kinds = oneOf(["a folder", ...schemes.map((each) => `${each}://…`)]);
  const isReadOnly = key === "push" && /^https?:/.test(value);
  document.report({
    code: "VALUE",
    at: ["cache", key],
    what: isReadOnly
      ? `cache.push ${quote(value)} is a server of files, to which nothing can be pushed`
      : `cache.${key} ${quote(value)} is not a place for a cache`,
    expected: isReadOnly
      ? `the folder that it serves, or ${oneOf(schemes.map((each) => `${each}://…`))}`
      : kinds,
  });
  return undefined;
}

function folderIn(value: string): string | undefined {
  if (value === "") return undefined;
  if (/^file:/i.test(value)) return pathOfFileUrl(value);
  return value.includes("://") ? undefined : value;
}

function reportNoUrl(document: Document): void {
  const expected = 'url = "…": a folder, https://…, oci://… or reapi://…';
  const what = "cache has no url";
  document.report({ code: "MISSING_KEY", at: ["cache"], part: "key", what, expected });
}

function readKeys(document: Document, texts: readonly string[]): PublicKey[] {
  const seen = new Map<string, number>();
  return texts.flatMap((text, index) => {
    const at = ["cache", "keys", index];
    const key = parsePublicKey(text);
    if (key === undefined) {
      const what = `cache.keys[${index}] is not a public key`;
      const hint = /^\s*secret\s/.test(text)
        ? { hint: "It is a secret key: make a new one, and let nobody use this one any more." }
        : {};
      const expected = "a line that `tenon key` prints: a name, a day and 44 letters";
      document.report({ code: "VALUE", at, what, expected, ...hint });
      return [];
    }
    const other = seen.get(key.id);
    if (other !== undefined) {
      const what = `cache.keys[${index}] is the same key as cache.keys[${other}]`;
      document.report({ code: "VALUE", at, what, expected: "each key once" });
    }
    seen.set(key.id, index);
    return [key];
  });
}

function readRequire(document: Document, raw: RawCache): number {
  const { require = 1 } = raw;
  const listed = raw.keys?.length ?? 0;
  const at = ["cache", "require"];
  if (!Number.isInteger(require) || require < 0) {
    const expected = "how many keys have to have signed a result: 1, 2, …; or 0 for none";
    document.report({ code: "VALUE", at, what: `cache.require is ${require}`, expected });
  } else if (require > listed && (raw.require !== undefined || listed === 0)) {
    const what =
      listed === 0
        ? "cache lists no keys, so nothing of it could be used"
        : `cache.require is ${require}, but there are only ${listed} keys`;
    const expected = "keys = [ … ], or require = 0 to use what nobody has signed";
    const where = raw.require === undefined ? (["cache"] as const) : at;
    const part = raw.require === undefined ? { part: "key" as const } : {};
    document.report({ code: "VALUE", at: where, ...part, what, expected });
  }
  return require;
}
