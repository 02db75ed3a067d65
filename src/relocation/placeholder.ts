/**
 * The path at which builds see the prefix, instead of the prefix's own: it stands for whatever prefix a package joins.
 *
 * It has 96 bytes, because compilers copy constant strings in pieces of 16 and 32, which then end where it ends. No two
 * neighbours in it come twice, so that every piece says which part of it it is, and linkers merge no two of them. Letters
 * and digits are drawn from those that seldom stand side by side in other files and seldom begin an instruction, so
 * that the search for it is quick and a piece is seldom longer than it was meant by chance.
 */

/** Raised with any change of the text, since artifacts have it in them; it is part of every key. */
export const placeholderVersion = 1;

export const placeholder =
  "/zbwvrjxzrxl5i7s6p5o7gq5xql4nqxjzvbq7p6wkzkj7n5j/y6l6rqn0w4iwjy8m8qwbvdzmzjbzg6zcqg8i8s5p4w6o5sj";

/**
 * Its twin, for a second build that shows what the first one's files owe to the path: it has another byte at every place
 * but its slashes', which are where the placeholder's are, and no two neighbours twice or, but the first, of the placeholder.
 */
export const twin =
  "/ym6sy7cijpo48k6ixp70vgbgnjdpk5mocx0x5qc58rgjibm/05rz4mmynxsgrkmgp8c4s88n7y4ywioi0mcpj6nc8xvvwpp";

export const placeholderBytes = Buffer.from(placeholder);
export const placeholderLength = placeholderBytes.length;

/** Its last name alone, which programs print or make names of. */
export const lastName = placeholder.slice(placeholder.lastIndexOf("/") + 1);

/** What a build has printed, as a person reads it. */
export function sayPrefix(text: string): string {
  return text.replaceAll(placeholder, "$PREFIX").replaceAll(twin, "$PREFIX");
}

/** Why a prefix cannot take the placeholder's place; undefined when it can. */
export function targetDefect(target: string): string | undefined {
  if (!target.startsWith("/") || target === "/") return "it is not an absolute path of a folder";
  if (Buffer.byteLength(target) > placeholderLength)
    return `its path is longer than ${placeholderLength} bytes`;
  const odd = /[^A-Za-z0-9_./+-]/.exec(target)?.[0];
  if (odd !== undefined) return `its path has ${JSON.stringify(odd)} in it`;
  return undefined;
}

/** What takes the placeholder's place where every length has to stay: slashes fill it up, which paths do not mind. */
export function padded(target: string): Buffer {
  return Buffer.from(target.padEnd(placeholderLength, "/"));
}
