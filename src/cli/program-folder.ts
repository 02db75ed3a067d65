/** Where tenon's own package is: the folder with `dist`, also for this file in `dist/parts`. */
import { fileURLToPath } from "node:url";

export function programFolder(): string {
  return fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
}
