/** How a malformed wheel is refused. */
import { TenonError } from "../core/index.ts";

export type WheelCode =
  | "WHEEL_NAME"
  | "WHEEL_MEMBER"
  | "WHEEL_DUPLICATE"
  | "WHEEL_INCOMPLETE"
  | "WHEEL_METADATA"
  | "WHEEL_RECORD"
  | "WHEEL_DIGEST"
  | "WHEEL_ENTRY_POINT"
  | "WHEEL_TAGS";

/** `what` goes on with the sentence that the wheel's, or its member's, name begins. */
export function wheelError(
  code: WheelCode,
  wheel: string,
  what: string,
  member?: string,
): TenonError {
  const subject = member === undefined ? wheel : `${wheel}: the member ${JSON.stringify(member)}`;
  return new TenonError({ kind: "source", code, message: `${subject} ${what}` });
}

/** What the zip reader refuses in a wheel is said with the wheel's own codes. */
export function withWheelCodes<Result>(action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof TenonError) || !error.code.startsWith("ARCHIVE_")) throw error;
    const { kind, message, hints } = error;
    const code = error.code.replace("ARCHIVE_", "WHEEL_");
    throw new TenonError({ kind, code, message, hints, cause: error });
  }
}
