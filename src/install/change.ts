/** What a transaction is asked to do, and how it can end. */
import type { About, Digest, Manifest } from "../core/index.ts";
import type { FilePin } from "../relocation/index.ts";
import type { LockOptions } from "../prefix/index.ts";
import type { Envelope } from "../signing/index.ts";

export interface Change {
  readonly add: readonly Incoming[];
  /** Names of installed packages. */
  readonly remove: readonly string[];
  /**
   * Paths that are to be put right although nothing changes on record: they are not as their
   * packages in `add` left them. Only these are brought.
   */
  readonly repair?: ReadonlySet<string>;
  /**
   * Paths of packages in `add` that somebody has taken away: they are to come, although the records
   * say that they are there.
   */
  readonly gone?: ReadonlySet<string>;
  /**
   * The files of the packages in `add` are there already, and nobody's: they become theirs as they
   * are, and nothing is brought.
   */
  readonly adopt?: boolean;
  /**
   * What is nobody's at the paths of files and links in `add` becomes theirs: what is the same stays as
   * it is, and what differs is kept beside it as `NAME.tenon-save`.
   */
  readonly takeForeign?: boolean;
  /** Of a rollback: the transactions that it undoes, newest first. */
  readonly undoes?: readonly string[];
  /** Whose build this is; absent where a person installs, removes or rolls back. */
  readonly wishes?: Wishes;
}

/** What a workspace wants of a prefix, in which other workspaces may want the same packages. */
export interface Wishes {
  /** The folder of the workspace, absolute. Every package in `add` is wanted by it, too. */
  readonly workspace: string;
  /** Installed packages that it wants from now on. */
  readonly wanted: readonly string[];
  /** Installed packages that it wants no more, and that stay for others. */
  readonly unwanted: readonly string[];
}

/** See `Incoming`. */
export interface MadeFiles {
  readonly tree: string;
  readonly paths: ReadonlySet<string>;
  readonly writtenMs: readonly [number, number];
}

/** A file whose content is made when it is brought: the manifest has its size and digest. */
export interface RewrittenFile {
  readonly content: () => Uint8Array;
  readonly modifiedMs: number;
}

/** A package that is to be in the prefix afterwards, instead of any other version of it. */
export interface Incoming {
  readonly name: string;
  readonly version: string;
  readonly artifact: Digest;
  readonly manifest: Manifest;
  /** The folder that holds what the manifest lists; it is left as it is. */
  readonly tree: string;
  /** Files that are in another tree instead, all of which were made for this package. */
  readonly made?: MadeFiles;
  /** Files that are not taken from a tree, by their paths. */
  readonly rewritten?: ReadonlyMap<string, RewrittenFile>;
  /** Where a path's content is instead, absolute: not all of it need be in one tree. */
  readonly locate?: (path: string) => string | undefined;
  /**
   * `copy`: a copy that shares blocks where the file system can; `rewrite`: one that never does.
   * `link`: hard links where the file system can, and else copies. Only for a tree that is gone
   * soon after: as long as it is there, an edit in it reaches the prefix. `move`: the tree itself
   * where that can be, and else like `link`; it must hold just what the manifest lists, in
   * directories that the owner of the tree may change.
   * `share`: hard links for a tree that stays, to files that have no other name; else copies.
   * `share-freely`: the same, whatever other names they have.
   */
  readonly transfer?: "copy" | "rewrite" | "link" | "move" | "share" | "share-freely";
  /** Files of the tree whose capabilities come along, too. */
  readonly capable?: ReadonlySet<string>;
  /**
   * Given for a tree of the store: a file that is not as the manifest says ends the transaction. What
   * is copied is checked by its digest while it is. What comes unread, as a link or by shared blocks,
   * is believed when it has its size and mode, and was last modified between these times, in
   * milliseconds since 1970, in which the tree's files were written; else its digest decides.
   */
  readonly writtenMs?: readonly [number, number];
  readonly key?: Digest;
  readonly depends: readonly string[];
  readonly about?: About;
  readonly takesOver: readonly string[];
  /** Links of other packages to folders that it may install through, as if it said the folders. */
  readonly throughLinks?: readonly string[];
  /** Paths that it ceded earlier, so that they are not in the manifest. */
  readonly ceded?: readonly string[];
  /** What those were, as far as it is known. */
  readonly cededEntries?: Manifest;
  /** What keeps its files from naming another prefix: none where nothing does; absent where nobody has looked. */
  readonly pins?: readonly FilePin[];
  readonly buildMs?: number;
  /** What its builders have signed of it. */
  readonly provenance?: readonly Envelope[];
  /** As a record has it, where one is restored. */
  readonly workspaces?: readonly string[];
}

export type Conflict =
  | {
      readonly kind: "owned";
      readonly path: string;
      readonly package: string;
      readonly owner: string;
      /** Which of the two has a folder there, where the other has none. */
      readonly folder?: "package" | "owner";
    }
  | { readonly kind: "foreign"; readonly path: string; readonly package: string }
  | { readonly kind: "state"; readonly path: string; readonly package: string };

export type TransactionOutcome =
  | {
      readonly kind: "done";
      readonly id: string;
      readonly steps: number;
      /** What the person should know: a file that was saved under another name, for one. */
      readonly notes: readonly string[];
    }
  | { readonly kind: "nothing-to-do" }
  | { readonly kind: "conflict"; readonly conflicts: readonly Conflict[] };

export type Recovery =
  /** Stages, of transactions that had not begun. */
  | { readonly kind: "given-back"; readonly notes: readonly string[] }
  | { readonly kind: "finished"; readonly id: string; readonly notes: readonly string[] }
  | {
      readonly kind: "taken-back";
      readonly id: string;
      readonly because: string;
      readonly notes: readonly string[];
    };

/** `activity` is what the person started: `tenon build`. A transaction that has begun hears no interruption. */
export interface TransactionOptions extends LockOptions {
  /** False gives up surviving a power loss (not a crash of the process) for speed. */
  readonly sync: boolean;
  /** Do without RENAME_EXCHANGE and RENAME_NOREPLACE where the file system has none. */
  readonly weakRenames?: boolean;
  /** Called under the lock, before anything is decided; what it throws ends the transaction. */
  readonly precondition?: () => void;
  readonly onRecovery?: (recovery: Recovery) => void;
  /** Where an artifact's files may be found, for what a package gets back. */
  readonly treesOf?: (artifact: string) => readonly string[];
}
