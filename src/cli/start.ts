/**
 * The program's entry. A Node that can (22.8 and later) keeps in the store what it has compiled of the
 * program; it has to be told before the program is loaded.
 */
import module from "node:module";
import { storeFolder } from "./store-folder.ts";

const store = storeFolder(process.env);
const { enableCompileCache } = module as {
  enableCompileCache?: (folder: string) => unknown;
};
// Node has decoded it: one that was not UTF-8 would be another folder.
if (store !== undefined && !store.includes("\uFFFD")) enableCompileCache?.(`${store}/compiled`);

await import("./main.ts");
