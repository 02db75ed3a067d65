/** Addresses of files on this machine. */
import { fileURLToPath } from "node:url";

/** The path that a `file:` address names; undefined where it names none, as with `%2F` or `%00` in it. */
export function pathOfFileUrl(url: string): string | undefined {
  try {
    const path = fileURLToPath(url);
    return path.includes("\0") ? undefined : path;
  } catch (error) {
    if (error instanceof TypeError || error instanceof URIError) return undefined;
    throw error;
  }
}
