/** What starts the worker of an action somewhere, and knows what becomes of it. */

export interface Launcher {
  /** How messages call what it starts: `the Slurm job 17`. */
  describe(id: string): string;
  /** Gives the id of what was started. Throws a TenonError where it is refused for good. */
  launch(work: Work): Promise<string>;
  /** What is known of it. Asked often; it decides itself how often it asks others. */
  stateOf(id: string): Promise<WorkState>;
  /** Also of one that has ended. */
  cancel(id: string): Promise<void>;
}

export interface Work {
  /** Of the package, for lists of jobs. */
  readonly name: string;
  readonly argv: readonly string[];
  /** Absolute: the action's folder, and that of its results. */
  readonly action: string;
  readonly results: string;
  /** Absolute: what the worker prints goes there. */
  readonly logFile: string;
  readonly jobs: number;
}

export type WorkState =
  | { readonly kind: "waiting" | "running" }
  | {
      readonly kind: "ended";
      /** `lost`: another attempt may go well. `given-up`: it would end the same way, or a person wants it so. */
      readonly how: "done" | "lost" | "given-up";
      /** What became of it, as the rest of a sentence. */
      readonly words: string;
      readonly hints: readonly string[];
    };
