/** The program that is proven, and its library. */
import { existsSync } from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";

/** Another bundle of the same sources can be tried with TENON_PROGRAM. */
const program =
  process.env.TENON_PROGRAM ?? fileURLToPath(new URL("../dist/tenon.js", import.meta.url));

/** The same bundle as a library. */
export const library = `${path.dirname(program)}/library.js`;

/** The command line that runs tenon, without a shell between. */
export function tenon(...args) {
  return [process.execPath, program, ...args];
}

export function requireTenon() {
  if (existsSync(program)) return;
  process.stderr.write(`${program} is missing: run \`node scripts/setup.js\` first\n`);
  process.exit(4);
}
