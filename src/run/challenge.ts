/** `tenon challenge`: whether those who built the same made the same, and if not, in which file and where. */
import {
  CacheTrouble,
  type IndexRow,
  openPlace,
  readEntry,
  readIndex,
  takePack,
} from "../cache/index.ts";
import {
  type Digest,
  type FileEntry,
  type Manifest,
  sameEntry,
  TenonError,
} from "../core/index.ts";
import { buildClosure, inOrder, recipeOf } from "../plan/index.ts";
import { requirePins } from "../recipe/index.ts";
import type { PublicKey } from "../signing/index.ts";
import type { World } from "../world/index.ts";
import {
  openSession,
  selectPackages,
  type Session,
  type SessionOptions,
} from "../workspace/index.ts";
import { gatherFacts } from "./facts.ts";
import { createResolver } from "./resolver.ts";
import { networkOptions } from "./session-cache.ts";

export interface ChallengeOptions extends SessionOptions {
  /** All packages of the workspace when empty. */
  readonly packages: readonly string[];
}

/** What one package came to. */
export interface Challenged {
  readonly package: string;
  readonly version: string;
  readonly result:
    /** All of these made the same. */
    | { readonly kind: "same"; readonly builders: readonly string[] }
    /** Nobody else has built it from the same. */
    | { readonly kind: "alone"; readonly builders: readonly string[] }
    | {
        readonly kind: "different";
        readonly builders: readonly [string, string];
        readonly differences: readonly FileDifference[];
      }
    /** What somebody has made cannot be had now. */
    | { readonly kind: "unknown"; readonly reason: string };
}

interface FileDifference {
  readonly path: string;
  /** Of the first byte that differs, where both have a file of another content. */
  readonly offset?: number;
  /** What differs else, as the rest of a sentence that begins with the path. */
  readonly what?: string;
}

/** Takes what differs into the store, under no key. */
export async function challengePackages(
  world: World,
  options: ChallengeOptions,
): Promise<readonly Challenged[]> {
  const session = openSession(world, options);
  const { workspace } = session;
  const cache = await openIndexes(session);
  const selected = selectPackages(session, options.packages);
  const order = inOrder(workspace.recipes, buildClosure(workspace.recipes, selected));
  requirePins(workspace, order);
  const facts = await gatherFacts(session, order, "auto");
  const first = (key: Digest): IndexRow | undefined =>
    cache.indexes.flatMap(({ entries }) => entries.get(key) ?? [])[0];
  const resolver = createResolver(session, facts, undefined, (key) => {
    const row = first(key);
    return row && { ...row, builtAtMs: 0 };
  });
  const results: Challenged[] = [];
  for (const name of order) {
    const resolved = resolver.resolve(name);
    if (resolved === undefined) continue;
    resolver.find(name, resolved);
    if (!selected.includes(name)) continue;
    const { version } = recipeOf(workspace.recipes, name);
    const claims = claimsOn(session, cache, resolved.key);
    const result = await compare(
      session,
      cache,
      { key: resolved.key, package: name, version },
      claims,
    );
    results.push({ package: name, version, result });
  }
  return results;
}

interface OpenIndexes {
  readonly place: ReturnType<typeof openPlace>;
  readonly indexes: readonly {
    readonly signer: PublicKey;
    readonly entries: ReadonlyMap<Digest, IndexRow>;
  }[];
}

async function openIndexes(session: Session): Promise<OpenIndexes> {
  const { workspace, world, store } = session;
  const { cache, file } = workspace;
  if (cache === undefined)
    throw new TenonError({
      kind: "usage",
      code: "NO_CACHE",
      message: `${file} names no shared cache`,
      hints: ["Write [cache] into it, with url and keys: docs/how-to/share-builds.md."],
    });
  const place = openPlace(world, cache.url, networkOptions(session));
  const indexes: { signer: PublicKey; entries: ReadonlyMap<Digest, IndexRow> }[] = [];
  for (const signer of cache.keys) {
    try {
      const index = await readIndex({ world, store, place, isLook: true }, signer);
      if (index !== undefined) indexes.push({ signer, entries: index.entries });
    } catch (error) {
      if (!(error instanceof CacheTrouble)) throw error;
      throw new TenonError({
        kind: error.kind === "refused" ? "conflict" : "source",
        code: error.kind === "refused" ? "CACHE_REFUSED" : "CACHE_UNREACHABLE",
        message: error.message,
        cause: error,
      });
    }
  }
  return { place, indexes };
}

interface Claim {
  readonly builder: string;
  readonly artifact: Digest;
  /** Absent for what was built here. */
  readonly signed?: { readonly signer: PublicKey; readonly row: IndexRow };
}

/** What was built here comes first; what was taken from the cache is another one's word. */
function claimsOn({ store }: Session, { indexes }: OpenIndexes, key: Digest): Claim[] {
  const own = store.lookUp(key);
  const here: Claim[] =
    own === undefined || own.provenance !== undefined
      ? []
      : [{ builder: "this machine", artifact: own.artifact }];
  const signed = indexes.flatMap(({ signer, entries }): Claim[] => {
    const row = entries.get(key);
    return row === undefined
      ? []
      : [{ builder: signer.name, artifact: row.artifact, signed: { signer, row } }];
  });
  return [...here, ...signed];
}

interface Asked {
  readonly key: Digest;
  readonly package: string;
  readonly version: string;
}

async function compare(
  session: Session,
  cache: OpenIndexes,
  asked: Asked,
  claims: readonly Claim[],
): Promise<Challenged["result"]> {
  const [first, ...others] = claims;
  const builders = claims.map(({ builder }) => builder);
  if (first === undefined || others.length === 0) return { kind: "alone", builders };
  const other = others.find(({ artifact }) => artifact !== first.artifact);
  if (other === undefined) return { kind: "same", builders };
  try {
    await bring(session, cache, asked, first);
    await bring(session, cache, asked, other);
  } catch (error) {
    if (!(error instanceof CacheTrouble)) throw error;
    return { kind: "unknown", reason: error.message };
  }
  const differences = compareArtifacts(session, first.artifact, other.artifact);
  return { kind: "different", builders: [first.builder, other.builder], differences };
}

/** Throws CacheTrouble. */
async function bring(
  { world, store }: Session,
  { place }: OpenIndexes,
  asked: Asked,
  { signed }: Claim,
): Promise<void> {
  if (signed === undefined) return;
  const entry = await readEntry({ place }, asked, signed);
  await takePack({ world, store, place }, entry);
}

/** In the order of their paths. */
function compareArtifacts({ world, store }: Session, a: Digest, b: Digest): FileDifference[] {
  const [one, two] = [store.manifestOf(a), store.manifestOf(b)].map(byPath);
  const paths = [...new Set([...(one?.keys() ?? []), ...(two?.keys() ?? [])])].sort();
  return paths.flatMap((path): FileDifference[] => {
    const [mine, other] = [one?.get(path), two?.get(path)];
    if (mine === undefined || other === undefined)
      return [{ path, what: `is made by the ${mine === undefined ? "second" : "first"} alone` }];
    if (mine.type === "file" && other.type === "file" && mine.sha256 !== other.sha256) {
      const files = [a, b].map((id) => `${store.layout.artifactTree(id)}/${path}`);
      return [{ path, offset: firstDifference(world, files[0] ?? "", files[1] ?? "") }];
    }
    if (JSON.stringify(mine) === JSON.stringify(other)) return [];
    return [
      { path, what: sameEntry(mine, other) ? "has another map or mode" : "is something else" },
    ];
  });
}

function byPath(manifest: Manifest): Map<string, Manifest[number] | FileEntry> {
  return new Map(manifest.map((entry) => [entry.path, entry]));
}

const pieceBytes = 1 << 20;

/** Of two files that differ; the length of the shorter one where that is the beginning of the other. */
function firstDifference({ disk }: World, a: string, b: string): number {
  for (let offset = 0; ; offset += pieceBytes) {
    const mine = Buffer.from(disk.readSlice(a, offset, pieceBytes));
    const other = Buffer.from(disk.readSlice(b, offset, pieceBytes));
    const length = Math.min(mine.length, other.length);
    for (let at = 0; at < length; at += 1) if (mine[at] !== other[at]) return offset + at;
    if (mine.length !== other.length || length === 0) return offset + length;
  }
}
