/** What building one package needs, and what comes of it. */
import type { EventSink, Manifest, StrayLibrary, Usage } from "../core/index.ts";
import type { FailureKind, Missing, ProvidedKind } from "../failure/index.ts";
import type { Pin, Recipe } from "../recipe/index.ts";
import type { FilePin } from "../relocation/index.ts";
import type { SourceContext } from "../source/index.ts";
import type { World } from "../world/index.ts";
import type { PythonFacts } from "./python/facts.ts";
import type { PackageTokens } from "../tokens/index.ts";
import type { Isolation } from "../view/index.ts";

export interface BuildContext {
  readonly world: World;
  readonly sources: SourceContext;
  /** Told when a step starts and ends. */
  readonly emit?: EventSink;
  /** The packages that provide what a failed build lacked; for the hint. */
  readonly whoProvides?: (kind: ProvidedKind, name: string) => readonly string[];
}

export interface BuildJob {
  readonly recipe: Recipe;
  readonly pin?: Pin;
  /** An existing, empty folder on the store's file system that is only this job's. */
  readonly scratch: string;
  /** Where the build sees the prefix, absolute: the prefix's own path, or the placeholder. */
  readonly prefix: string;
  /** Given for the placeholder, which is on no disk: where the prefix is, absolute. The view hides it. */
  readonly livePrefix?: string;
  /** The declared dependencies and theirs at run time, topmost first. */
  readonly layers: readonly Layer[];
  /** Where the links to layers are kept that all builds of a store share, absolute. */
  readonly layerLinks: string;
  /** For programs that know no jobserver but take a number. */
  readonly jobs: number;
  /** Its part of the pool that bounds what all builds do at once; without it, it keeps to `jobs`. */
  readonly tokens?: PackageTokens;
  /** For one log a step, `1-source.log`; made when missing. */
  readonly logFolder: string;
  /** Whether builds run or import it, so that its modules are worth being compiled for them. */
  readonly isBuiltWith: boolean;
  /** Whether the recipe's check is wanted afterwards. */
  readonly check: boolean;
  readonly signal?: AbortSignal;
  readonly isolation: Isolation;
  /** The store, of which a view shows nothing but its layers; absolute. */
  readonly store?: string;
  /** The workspace's folder, absolute. */
  readonly workspace?: string;
  /** What else a view does not show, absolute. */
  readonly hidden?: readonly string[];
  /** What a view lets the build write to besides its own, absolute. */
  readonly writable?: readonly string[];
  readonly python: PythonFacts | undefined;
  /** The machine's folders of programs; the system's own when empty. */
  readonly path: readonly string[];
  readonly workspaceEnv: Readonly<Record<string, string>>;
  /** For a recipe that is built online: what of the caller's environment tells pip where its index is. */
  readonly online?: Readonly<Record<string, string>>;
}

/** One dependency's artifact. */
export interface Layer {
  readonly package: string;
  readonly tree: string;
  readonly manifest: Manifest;
  /** Lies above the tree: its files that name the prefix, as they do in this one. */
  readonly relocated?: string;
  /** A folder shaped like the prefix, with bytecode of its modules; absolute. */
  readonly bytecode?: string;
}

export type BuildOutcome =
  | {
      readonly kind: "built";
      /** A sealed tree inside the scratch folder, the caller's to move away. */
      readonly stage: string;
      readonly manifest: Manifest;
      /** Beside it, the caller's as well: bytecode of its modules. */
      readonly bytecode?: string;
      /** What of it cannot name another prefix than the placeholder; none of a package that was built elsewhere. */
      readonly pins: readonly FilePin[];
      /** What the loader will not find among the package's files and its dependencies'. */
      readonly libraries: readonly StrayLibrary[];
      readonly steps: readonly StepTiming[];
      readonly notes: readonly string[];
      /**
       * Runs the recipe's check, if there is one and it was wanted: on the stage, where that is now,
       * with tokens of its own if the build had some, and with what it needs
       * besides in its view. It needs the scratch folder. Throws only
       * what is wrong with the machine.
       */
      readonly check?: (
        stage: string,
        options?: { readonly tokens?: PackageTokens; readonly besides?: readonly Layer[] },
      ) => Promise<CheckOutcome>;
    }
  | ({
      readonly kind: "failed";
      readonly steps: readonly StepTiming[];
      readonly notes: readonly string[];
    } & StepFailure)
  | { readonly kind: "interrupted" };

export type CheckOutcome =
  | { readonly kind: "passed"; readonly steps: readonly StepTiming[] }
  | ({ readonly kind: "failed"; readonly steps: readonly StepTiming[] } & StepFailure)
  | { readonly kind: "interrupted" };

export interface StepTiming extends Usage {
  readonly name: string;
}

export interface StepFailure {
  readonly step: string;
  /** One sentence without the package's name. */
  readonly reason: string;
  readonly hints: readonly string[];
  /** The hints again, later: what the build lacked may have been built meanwhile (I9). */
  readonly askAgain?: () => readonly string[];
  /** What it lacked: whoever knows more packages can tell better hints. */
  readonly missing?: readonly Missing[];
  readonly exitCode?: number;
  /** The kernel ended it for want of memory: with less beside it, it may succeed. */
  readonly killedForMemory?: boolean;
  /** Absent when no step was begun. */
  readonly logFile?: string;
  /** The log's lines around the reason, or its last ones, when the reason does not say it all. */
  readonly logTail: readonly string[];
  /** Which of `logTail` says the reason, from 0. */
  readonly errorAt?: number;
  readonly cause?: FailureKind;
  /** The line of the step's log that says it, from 1. */
  readonly line?: number;
  /** The same for the same failure elsewhere; told where the log was read. */
  readonly fingerprint?: string;
}
