/** How a damaged or dangerous archive is refused. */
import { TenonError } from "../core/index.ts";

export type ArchiveCode =
  | "ARCHIVE_FORMAT"
  | "ARCHIVE_UNSUPPORTED"
  | "ARCHIVE_DAMAGED"
  | "ARCHIVE_NAME"
  | "ARCHIVE_ESCAPE"
  | "ARCHIVE_LINK"
  | "ARCHIVE_SPECIAL"
  | "ARCHIVE_DUPLICATE"
  | "ARCHIVE_BOMB";

/** `what` goes on with the sentence that the archive's, or its member's, name begins. */
export function refusal(
  code: ArchiveCode,
  archive: string,
  what: string,
  member?: string,
): TenonError {
  const subject = member === undefined ? archive : `${archive}: the member ${quote(member)}`;
  return new TenonError({ kind: "source", code, message: `${subject} ${what}` });
}

/** The name in quotes, with control characters made visible. */
export function quote(name: string): string {
  return JSON.stringify(name);
}
