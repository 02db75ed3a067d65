/** How a damaged or dangerous archive is refused. */
import { TenonError } from "../core/index.ts";

/** Each with ARCHIVE_ before it. */
export type ArchiveCode =
  | "FORMAT"
  | "UNSUPPORTED"
  | "DAMAGED"
  | "NAME"
  | "ESCAPE"
  | "LINK"
  | "SPECIAL"
  | "DUPLICATE"
  | "BOMB";

/** What a refusal is about: an archive, or one of its members. */
export interface ArchiveSubject {
  readonly archive: string;
  readonly member?: string | undefined;
}

/** `what` goes on with the sentence that the subject's name begins. */
export function refusal(
  code: ArchiveCode,
  { archive, member }: ArchiveSubject,
  what: string,
): TenonError {
  const subject = member === undefined ? archive : `${archive}: the member ${quote(member)}`;
  return new TenonError({ kind: "source", code: `ARCHIVE_${code}`, message: `${subject} ${what}` });
}

/** The name in quotes, with control characters made visible. */
export function quote(name: string): string {
  return JSON.stringify(name);
}
