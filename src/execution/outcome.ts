/**
 * What comes of an action, as files in its folder of results: `outcome.json`, once it is built or cannot be; the built
 * artifact, `artifact.pack`; `check.json`, once its check has ended; `logs/`, one file a step; and `events.jsonl`, which
 * grows while it runs.
 */
import type { StepFailure, StepTiming } from "../builder/index.ts";
import { type Digest, isDigest, type StrayLibrary } from "../core/index.ts";
import { type FilePin, isFilePin } from "../relocation/index.ts";
import { type Disk, readTextIfAny, type World, writeAtomically } from "../world/index.ts";

export const outcomeFile = "outcome.json";
export const checkFile = "check.json";
export const packFile = "artifact.pack";
export const eventsFile = "events.jsonl";
export const logsFolder = "logs";

/** The log is named by its file alone. */
export type PlainFailure = Omit<StepFailure, "askAgain">;

/** `host`: the worker's name. */
export type WorkerOutcome = { readonly host: string } & (
  | {
      readonly kind: "built";
      readonly artifact: Digest;
      readonly pins: readonly FilePin[];
      readonly libraries: readonly StrayLibrary[];
      readonly steps: readonly StepTiming[];
      readonly notes: readonly string[];
    }
  | {
      readonly kind: "failed";
      readonly failure: PlainFailure;
      readonly steps: readonly StepTiming[];
      readonly notes: readonly string[];
    }
  /** This worker cannot do it, for these reasons. */
  | { readonly kind: "refused"; readonly reasons: readonly string[] }
  /** Of a probe. */
  | { readonly kind: "ready" }
);

type WorkerCheck =
  | { readonly kind: "passed"; readonly steps: readonly StepTiming[] }
  | {
      readonly kind: "failed";
      readonly failure: PlainFailure;
      readonly steps: readonly StepTiming[];
    };

/** Appears whole. */
export function writeResult(
  { disk, clock }: World,
  folder: string,
  name: string,
  value: WorkerOutcome | WorkerCheck,
): void {
  const temporary = `${folder}/.${clock.uniqueId()}`;
  writeAtomically(disk, `${folder}/${name}`, `${JSON.stringify(value)}\n`, {
    temporary,
    durable: false,
  });
}

/** Undefined where there is none, or something that no worker writes. */
export function readOutcome(disk: Disk, folder: string): WorkerOutcome | undefined {
  const value = read<Partial<Record<string, unknown>>>(disk, `${folder}/${outcomeFile}`);
  return isOutcome(value) ? (value as unknown as WorkerOutcome) : undefined;
}

export function readCheck(disk: Disk, folder: string): WorkerCheck | undefined {
  const value = read<Partial<Record<string, unknown>>>(disk, `${folder}/${checkFile}`);
  if (value === undefined) return undefined;
  const isFit =
    isSteps(value["steps"]) &&
    (value["kind"] === "passed" || (value["kind"] === "failed" && isFailure(value["failure"])));
  return isFit ? (value as unknown as WorkerCheck) : undefined;
}

function read<Value>(disk: Disk, file: string): Value | undefined {
  try {
    return (JSON.parse(readTextIfAny(disk, file) ?? "null") as Value | null) ?? undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isOutcome(value: Partial<Record<string, unknown>> | undefined): boolean {
  if (value === undefined || typeof value["host"] !== "string") return false;
  switch (value["kind"]) {
    case "ready":
      return true;
    case "refused":
      return isTexts(value["reasons"]);
    case "failed":
      return isFailure(value["failure"]) && isSteps(value["steps"]) && isTexts(value["notes"]);
    case "built":
      return (
        isDigest(value["artifact"]) &&
        isListOf(value["pins"], isFilePin) &&
        isListOf(value["libraries"], isLibrary) &&
        isSteps(value["steps"]) &&
        isTexts(value["notes"])
      );
    default:
      return false;
  }
}

function isListOf(value: unknown, isOne: (each: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isOne);
}

function isTexts(value: unknown): boolean {
  return isListOf(value, (each) => typeof each === "string");
}

function isSteps(value: unknown): boolean {
  return isListOf(value, (each) => {
    const { name, wallMs } = (each ?? {}) as Partial<StepTiming>;
    return typeof name === "string" && typeof wallMs === "number";
  });
}

function isLibrary(value: unknown): boolean {
  const { path, library, where } = (value ?? {}) as Partial<StrayLibrary>;
  return [path, library, where].every((text) => typeof text === "string");
}

function isFailure(value: unknown): boolean {
  const { step, reason, hints, logTail } = (value ?? {}) as Partial<PlainFailure>;
  return (
    typeof step === "string" && typeof reason === "string" && isTexts(hints) && isTexts(logTail)
  );
}
