/** What the room needs from its caller, and what it tells of its progress. */
import type { Store } from "../store/index.ts";
import type { World } from "../world/index.ts";

/** Share one context between all packages of a run: what pip says of its index is asked once. */
export interface SourceContext {
  readonly world: World;
  readonly store: Store;
  /** The workspace's interpreter, whose pip says where the index is. */
  readonly python: string;
  /** The caller's environment, for python, git and patch. */
  readonly environment: Readonly<Record<string, string>>;
  /** Nothing may come from the network; local folders and `file:` addresses still serve. */
  readonly offline: boolean;
  readonly report?: (event: SourceEvent) => void;
  /** A JSON file that remembers the digests of unchanged files of path sources, absolute. */
  readonly pathCacheFile?: string;
  /** The wheel tags that the interpreter takes, `cp311-cp311-linux_x86_64`, best first. */
  readonly supportedTags?: readonly string[];
  /** How long a server may be silent; 20 s when absent. */
  readonly stallMs?: number;
  readonly signal?: AbortSignal;
}

/** Addresses in events never carry credentials. */
export type SourceEvent =
  | {
      readonly kind: "download-started";
      readonly package: string;
      readonly url: string;
      /** What an earlier, interrupted transfer has left. */
      readonly resumedBytes: number;
      readonly totalBytes?: number;
    }
  | {
      readonly kind: "download-progress";
      readonly package: string;
      readonly url: string;
      readonly receivedBytes: number;
      readonly totalBytes?: number;
    }
  | {
      readonly kind: "download-retried";
      readonly package: string;
      readonly url: string;
      readonly reason: string;
      readonly waitMs: number;
    }
  | {
      readonly kind: "mirror-failed";
      readonly package: string;
      readonly url: string;
      readonly reason: string;
    }
  | {
      readonly kind: "download-finished";
      readonly package: string;
      readonly url: string;
      readonly sizeBytes: number;
    }
  | { readonly kind: "lock-awaited"; readonly text: string }
  | { readonly kind: "warning"; readonly package: string; readonly message: string };

const defaultStallMs = 20_000;

export function stallMsOf(context: SourceContext): number {
  return context.stallMs ?? defaultStallMs;
}
