/** A recogniser knows one kind of line that says why a build failed. */
import type { FailureKind, ProvidedKind } from "./explanation.ts";

export interface Recogniser {
  readonly kind: FailureKind;
  /** For one line, without its indentation; `name` and `text` are the groups that mean something. */
  readonly pattern: RegExp;
  /** What the line after it must look like. */
  readonly next?: RegExp;
  /** What the group `name` is, when it is missing. */
  readonly missing?: ProvidedKind;
  /** `$name` and `$text` stand for the groups, `$next` for the next line; the line itself when absent. */
  readonly reason?: string;
  /** Certain unless said otherwise. */
  readonly certainty?: Certainty;
  /** The line that tells more is the next one that is not empty. */
  readonly saysIt?: "next-line";
}

/**
 * `certain`: this is an error, and a cause. `vague`: an error whose cause another line may tell.
 * `summary`: it says what has failed, and not why, which is better than nothing. `probe`: often no
 * more than a question that was answered with no. `guess`: it has the words of an error, which counts
 * where nothing else says more. `consequence`: follows from an error that was told elsewhere.
 */
export type Certainty = "certain" | "vague" | "summary" | "probe" | "guess" | "consequence";

export interface Recognised {
  readonly kind: FailureKind;
  readonly certainty: Certainty;
  readonly reason: string;
  /** Of the line, from 0. */
  readonly at: number;
  readonly missing?: { readonly kind: ProvidedKind; readonly name: string };
}
