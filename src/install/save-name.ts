/** The name under which a person's file is kept beside its place: `NAME.tenon-save`. */
import { joinPath, longestNameBytes, nameOf, parentOf } from "../core/index.ts";

const longestExtension = 16;

/** A name that would be too long for a file system loses the end of its stem, not its extension. */
export function saveName(path: string, count: number): string {
  const name = nameOf(path);
  const ending = `.tenon-save${count === 0 ? "" : `.${count}`}`;
  if (Buffer.byteLength(name) + ending.length <= longestNameBytes) return `${path}${ending}`;
  const at = name.lastIndexOf(".");
  const extension = at > 0 && name.length - at <= longestExtension ? name.slice(at) : "";
  const room = longestNameBytes - Buffer.byteLength(`~${extension}${ending}`);
  const stem = cut(name.slice(0, name.length - extension.length), room);
  return joinPath(parentOf(path), `${stem}~${extension}${ending}`);
}

/** At most so many bytes, and no half of a character. */
function cut(text: string, bytes: number): string {
  let end = Math.min(text.length, bytes);
  while (Buffer.byteLength(text.slice(0, end)) > bytes) end -= 1;
  return text.slice(0, end).replace(/[\uD800-\uDBFF]$/, "");
}
