/** Where things lie in the store. */
import { type Digest, digestOfJson } from "../core/index.ts";

/**
 * `artifacts/ID/tree` and `artifacts/ID/manifest.json`, never changed once there; `bytecode` beside
 * them, of its Python modules, where others are built with it, `links.json` when the tree shares inodes with a prefix, and `proof.json`, what `tenon prove` has found of it;
 * `made/ID`, files that stand on an artifact (`made.ts`); `relocated/ID.json`, which of them an artifact has for a prefix;
 * `keys/KEY.json`, the artifact that a package key gave; `sources/SHA256`, a fetched file;
 * `git/NAME`, a bare clone; `wheels/NAME.json`, what is known of wheels and where they are unpacked;
 * `users/ID.json`, a prefix that has something of it (`users.ts`); `caches/ID.json`, how new a shared cache's index was; `locks/NAME`, a kernel lock each; `scratch/NAME`, work in progress; `layers`, links to trees by
 * short names, which are made anew when they are missing; `workers/ID`, what a server that executes builds was given and has given.
 */
export interface StoreLayout {
  readonly root: string;
  artifact(id: Digest): string;
  artifactTree(id: Digest): string;
  artifactManifest(id: Digest): string;
  artifactBytecode(id: Digest): string;
  artifactLinks(id: Digest): string;
  artifactProof(id: Digest): string;
  made(id: Digest): string;
  /** By the artifact and the prefix. */
  relocated(id: Digest, target: string): string;
  key(key: Digest): string;
  source(sha256: Digest): string;
  readonly git: string;
  /** Which archive of crates belongs to which source. */
  readonly crates: string;
  readonly wheels: string;
  readonly users: string;
  /** What was last seen of a shared cache, by the digest of its place and of a key. */
  cache(id: Digest): string;
  lock(name: string): string;
  readonly scratch: string;
  /** By the digest of the server's address. */
  worker(id: Digest): string;
  readonly layers: string;
}

const folders = [
  "artifacts",
  "made",
  "relocated",
  "keys",
  "sources",
  "git",
  "crates",
  "wheels",
  "users",
  "caches",
  "locks",
  "scratch",
  "layers",
  "workers",
];

/** All that is directly below a store's root. */
export function storeFolders(root: string): readonly string[] {
  return folders.map((folder) => `${root}/${folder}`);
}

export function layoutOf(root: string): StoreLayout {
  const artifact = (id: Digest): string => `${root}/artifacts/${id}`;
  return {
    root,
    artifact,
    artifactTree: (id) => `${artifact(id)}/tree`,
    artifactManifest: (id) => `${artifact(id)}/manifest.json`,
    artifactBytecode: (id) => `${artifact(id)}/bytecode`,
    made: (id) => `${root}/made/${id}`,
    relocated: (id, target) => `${root}/relocated/${digestOfJson([id, target])}.json`,
    artifactProof: (id) => `${artifact(id)}/proof.json`,
    artifactLinks: (id) => `${artifact(id)}/links.json`,
    key: (key) => `${root}/keys/${key}.json`,
    source: (sha256) => `${root}/sources/${sha256}`,
    git: `${root}/git`,
    crates: `${root}/crates`,
    wheels: `${root}/wheels`,
    users: `${root}/users`,
    cache: (id) => `${root}/caches/${id}.json`,
    lock: (name) => `${root}/locks/${name}`,
    worker: (id) => `${root}/workers/${id}`,
    scratch: `${root}/scratch`,
    layers: `${root}/layers`,
  };
}
