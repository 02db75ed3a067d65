/** Addresses with a user and a password in them, as a person may see them. */

/** A text, such as a program's output, without the credentials of the addresses in it. */
export function withoutCredentials(text: string): string {
  return text.replaceAll(/([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/@'"]+@/gi, "$1");
}
