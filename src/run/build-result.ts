/** How a build can end. */
import type { Conflict } from "../install/index.ts";
import type { PackageFailure } from "./package-failure.ts";
import type { Plan } from "./planned-work.ts";

export type BuildResult =
  | {
      readonly kind: "done";
      /** Packages of the workspace that the command was about. */
      readonly packages: number;
      readonly built: number;
      /** How many came from the shared cache; absent where none did. */
      readonly fromCache?: number;
      readonly changed: readonly string[];
      /** What has left the prefix, because no recipe wants it any more. */
      readonly removed: readonly string[];
      readonly durationMs: number;
    }
  | Plan
  | {
      readonly kind: "failed";
      readonly failures: readonly PackageFailure[];
      /** Blocked packages, each with the failed ones that it needs. */
      readonly blocked: ReadonlyMap<string, readonly string[]>;
      readonly built: number;
      readonly joined: readonly string[];
      /** What could have joined, if that had been asked for. */
      readonly whole: readonly string[];
      /** What is built and sound, but would not go with what has failed. */
      readonly heldBack: readonly string[];
      readonly packages: readonly string[];
    }
  | {
      readonly kind: "conflict";
      readonly conflicts: readonly Conflict[];
      readonly joined: readonly string[];
      /** What a person can do, one sentence each. */
      readonly cures: readonly string[];
    }
  /** `joined`: what is in the prefix already, because without views each package joins when it is built. */
  | { readonly kind: "interrupted"; readonly joined: readonly string[] };

/** A package needs more than was planned for, which is known from now on; or what was built is damaged. */
export interface Again {
  readonly kind: "again";
  /** What was built until then, and stays. */
  readonly built: number;
  /** The store that has dropped something. */
  readonly damagedStore?: string;
}
