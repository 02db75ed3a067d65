/** Reads `[execution]` of tenon.toml: where packages are built besides here. */
import { resolve } from "node:path";
import type { Document } from "./document.ts";
import type { Execution } from "./recipe.ts";
import type { RawWorkspaceFile } from "./schema.ts";
import { nameOfKey, oneOf, quote } from "./wording.ts";

const systems = ["slurm", "command"] as const;
const server = /^reapis?:\/\/[^/]/;

type RawExecution = NonNullable<RawWorkspaceFile["execution"]>;

/** Undefined where nothing is said, or something wrong: that is reported. */
export function readExecution(document: Document, raw?: RawExecution): Execution | undefined {
  if (raw === undefined) return undefined;
  const where = readPlace(raw.url ?? "");
  if (where === undefined) {
    reportUrl(document, raw.url);
    return undefined;
  }
  const { system } = where;
  const { arguments: given = [], command = [], platform = {} } = raw;
  if (given.length > 0 && system !== "slurm") reportUseless(document, "arguments", "slurm:");
  if (command.length > 0 && system !== "command") reportUseless(document, "command", "command:");
  for (const key of ["platform", "timeout", "storage"] as const)
    if (raw[key] !== undefined && system !== "reapi") reportUseless(document, key, "reapi:");
  const timeout = readCount(document, raw, "timeout");
  return {
    ...where,
    jobs: readCount(document, raw, "jobs") ?? 4,
    atOnce: readCount(document, raw, "at-once") ?? 8,
    arguments: given,
    command,
    platform,
    ...(timeout === undefined ? {} : { timeoutMs: timeout * 1000 }),
    ...(raw.storage === undefined ? {} : { storage: readStorage(document, raw.storage) }),
    node: raw.node ?? "node",
    ...(raw.store === undefined ? {} : { workerStore: readStore(document, raw.store) }),
    shortestMs: (raw.shortest ?? 3) * 1000,
  };
}

function readPlace(url: string): Pick<Execution, "system" | "place"> | undefined {
  if (server.test(url)) return { system: "reapi", place: url.replace(/\/+$/, "") };
  const [, name, folder = ""] = /^([a-z]+):(.*)$/s.exec(url) ?? [];
  const system = systems.find((each) => each === name);
  if (system === undefined || !folder.startsWith("/")) return undefined;
  return { system, place: resolve(folder) };
}

function readStorage(document: Document, storage: string): string {
  if (server.test(storage) && URL.canParse(storage)) return storage;
  const at = ["execution", "storage"];
  const what = `${nameOfKey(at)} is ${quote(storage)}`;
  document.report({ code: "VALUE", at, what, expected: "reapi://HOST:PORT" });
  return storage;
}

function readStore(document: Document, store: string): string {
  if (store.startsWith("/")) return resolve(store);
  const at = ["execution", "store"];
  const what = `${nameOfKey(at)} is ${quote(store)}`;
  document.report({ code: "VALUE", at, what, expected: "an absolute path on the workers" });
  return store;
}

function readCount(
  document: Document,
  raw: RawExecution,
  key: "jobs" | "at-once" | "timeout",
): number | undefined {
  const value = raw[key];
  if (value === undefined || (Number.isSafeInteger(value) && value > 0)) return value;
  const at = ["execution", key];
  const what = `${nameOfKey(at)} is ${value}`;
  document.report({ code: "VALUE", at, what, expected: "a whole number from 1 on" });
  return undefined;
}

function reportUrl(document: Document, url: string | undefined): void {
  const at = url === undefined ? ["execution"] : ["execution", "url"];
  const what = url === undefined ? "[execution] has no url" : `execution.url is ${quote(url)}`;
  const forms = systems.map((name) => `${name}:/FOLDER`);
  const expected = `${oneOf(forms)}, with a folder that all workers see at the same path, or reapi://HOST:PORT`;
  document.report({ code: "VALUE", at, what, expected });
}

function reportUseless(document: Document, key: string, scheme: string): void {
  const at = ["execution", key];
  const what = `${nameOfKey(at)} has no use here`;
  document.report({
    code: "VALUE",
    at,
    what,
    expected: `it with a url that begins with ${scheme}`,
  });
}
