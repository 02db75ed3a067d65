/** What a server gives in place of an archive: nothing, or a page for a person. */
import type { Disk } from "../world/index.ts";
import { hasArchiveName } from "./archive-name.ts";

/** In words that follow "it is"; undefined for what may be what its name says. */
export function oddContent(disk: Disk, file: string, name: string): string | undefined {
  if (!hasArchiveName(name)) return undefined;
  const head = Buffer.from(disk.readSlice(file, 0, 512)).toString("latin1");
  if (head === "") return "an empty file";
  return /^(?:\xEF\xBB\xBF)?\s*<(?:!doctype html|html|head|\?xml)/i.test(head)
    ? "a page for a browser, perhaps one to sign in or one that says what is wrong"
    : undefined;
}
