/** Functions of the sources themselves, for what no option of the program asks for. */
import { symlinkSync } from "node:fs";
import { build } from "esbuild";

/** `exports` are lines such as `export { x } from "./src/room/index.ts";`. */
export async function loadSources(folder, exports) {
  const outfile = `${folder}/sources.mjs`;
  symlinkSync(`${process.cwd()}/node_modules`, `${folder}/node_modules`);
  await build({
    stdin: { contents: exports, resolveDir: process.cwd() },
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    outfile,
    logLevel: "error",
  });
  return import(outfile);
}
