/** What a package may be called, so that its name can be part of a path on any machine. */

export const packageNameRule =
  "lower-case letters, digits, '-', '_', '.' and '+', with a letter or digit first";

export function isPackageName(name: string): boolean {
  return /^[a-z0-9][a-z0-9._+-]*$/.test(name);
}
