/** The types of judge.js, which is plain JavaScript for the proofs. */
import type { Explanation } from "../../src/failure/index.ts";

export interface Wanted {
  readonly kind: string;
  /** A part of the line that says it; none says it when absent. */
  readonly line?: string;
  readonly missing?: string;
}

export function isHeldOut(name: string): boolean;
export function judge(explanation: Explanation, log: string, wanted: Wanted): string[];
