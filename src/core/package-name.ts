/** What a package may be called, so that its name can be part of a path on any machine. */

export const packageNameRule =
  "lower-case letters, digits, '-', '_', '.' and '+', with a letter or digit first, at most 120 in all";

/** With a version and an ending, a name is one of a file: 255 bytes. */
export const longestName = 120;

export function isPackageName(name: string): boolean {
  return name.length <= longestName && !name.startsWith("_") && hasNameForm(name);
}

/** Also of names that an earlier tenon has allowed to be longer, and of a SageMath checkout's `_prereq`. */
export function hasNameForm(name: string): boolean {
  return /^[a-z0-9_][a-z0-9._+-]*$/.test(name);
}
