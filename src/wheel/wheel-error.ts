/** How a malformed wheel is refused: one sentence that says where and why, and a hint what to do. */
import { TenonError } from "../core/index.ts";

type WheelCode =
  | "WHEEL_NAME"
  | "WHEEL_MEMBER"
  | "WHEEL_DUPLICATE"
  | "WHEEL_INCOMPLETE"
  | "WHEEL_METADATA"
  | "WHEEL_RECORD"
  | "WHEEL_DIGEST"
  | "WHEEL_ENTRY_POINT"
  | "WHEEL_INTERPRETER"
  | "WHEEL_BOMB"
  | "WHEEL_TAGS"
  | "WHEEL_PYTHON";

/** `what` goes on with the sentence that the wheel's, or its member's, name begins. */
export function wheelError(
  code: WheelCode,
  wheel: string,
  what: string,
  member?: string,
): TenonError {
  const subject = member === undefined ? wheel : `${wheel}: the member ${JSON.stringify(member)}`;
  const kind = code === "WHEEL_INTERPRETER" ? "recipe" : "source"; // a sound wheel, but not for a prefix
  return new TenonError({ kind, code, message: `${subject} ${what}`, hints: cure(code) });
}

/** What the zip reader refuses in a wheel is said with the wheel's own codes. */
export function withWheelCodes<Result>(action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof TenonError) || !error.code.startsWith("ARCHIVE_")) throw error;
    const { kind, message } = error;
    const code = error.code.replace("ARCHIVE_", "WHEEL_");
    const hints = error.hints.length > 0 ? error.hints : cure(code);
    throw new TenonError({ kind, code, message, hints, cause: error });
  }
}

const downloadAgain =
  "Download it again; when that does not help, its makers have to build it anew.";
const cures: Readonly<Record<string, string>> = {
  WHEEL_NAME: "Give the file and its members the names that its makers gave them.",
  WHEEL_BOMB: "Do not unpack it: a wheel that an honest program made is not like that.",
  WHEEL_INTERPRETER:
    "Install the others without it; an interpreter comes into a prefix with a recipe that builds it.",
  WHEEL_UNSUPPORTED: "Pack it again into one zip file, stored or deflated and not encrypted.",
  WHEEL_TAGS: "Take the wheel for this interpreter and machine, or build its sdist.",
  WHEEL_PYTHON: "Take another version of it, or another interpreter; --no-deps-check skips this.",
};

function cure(code: string): string[] {
  return [cures[code] ?? downloadAgain];
}
