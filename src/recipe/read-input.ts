/** Reading what a person gives: a regular file of a sensible size, or an error that says what it is. */
import { TenonError } from "../core/index.ts";
import { type Disk, isDiskError, readFileIfAny } from "../world/index.ts";

interface InputKind {
  /** With its article: `a recipe`. */
  readonly name: string;
  readonly limitBytes: number;
}

const mebibyte = 1 << 20;

export const inputKinds = {
  workspace: { name: "the file of a workspace", limitBytes: mebibyte },
  recipe: { name: "a recipe", limitBytes: mebibyte },
  knownFailures: { name: "a list of known failures", limitBytes: 16 * mebibyte },
  lock: { name: "a lock file", limitBytes: 64 * mebibyte },
  wanted: { name: "a file of requirements", limitBytes: 64 * mebibyte },
} as const satisfies Record<string, InputKind>;

/** Undefined when there is no such file. Throws a TenonError of kind `recipe` for a pipe, a folder, … */
export function readInput(disk: Disk, file: string, kind: InputKind): Buffer | undefined {
  try {
    return readFileIfAny(disk, file, kind.limitBytes);
  } catch (error) {
    if (isDiskError(error, "EFBIG")) throw tooLarge(file, kind, error);
    if (isDiskError(error, "ENXIO", "EISDIR")) throw notAFile(disk, file, kind, error);
    throw error;
  }
}

function tooLarge(file: string, { name, limitBytes }: InputKind, cause: unknown): TenonError {
  return new TenonError({
    kind: "recipe",
    code: "TOO_LARGE",
    message: `${file} is too large for ${name}, which has at most ${limitBytes / mebibyte} MiB`,
    hints: ["Look what it is; if it does not belong there, move it away."],
    cause,
  });
}

const words: Readonly<Record<string, string>> = { directory: "folder", fifo: "named pipe" };

function notAFile(disk: Disk, file: string, { name }: InputKind, cause: unknown): TenonError {
  const type = disk.statusOfTarget(file)?.type ?? "device";
  return new TenonError({
    kind: "recipe",
    code: "NOT_A_FILE",
    message: `${file} is a ${words[type] ?? type}, and ${name} is a regular file`,
    hints: ["Write its content into a file of that name, or move it away."],
    cause,
  });
}
