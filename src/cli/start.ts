/**
 * The program's entry. A Node that can (22.8 and later) keeps in the user's cache folder what it has
 * compiled of the program, and runs it unseen the next time: so only where nobody else can have
 * written it (I15). It has to be told before the program is loaded.
 */
import module from "node:module";
import { privateFolder } from "../world/index.ts";
import { cacheFolder } from "./store-folder.ts";

keepCompiled();
await import("./main.ts");

function keepCompiled(): void {
  const { enableCompileCache } = module as {
    enableCompileCache?: (folder: string) => unknown;
  };
  const cache = cacheFolder(process.env);
  // Node has decoded it: one that was not UTF-8 would be another folder.
  if (enableCompileCache === undefined || cache === undefined || cache.includes("\uFFFD")) return;
  const folder = privateFolder(`${cache}/compiled`);
  if (folder !== undefined) enableCompileCache(folder);
}
