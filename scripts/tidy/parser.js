/** TypeScript's parser. When a module of its size is imported, Node reads all of it for the names of its exports first. */
import { createRequire } from "node:module";

/** @type {typeof import("typescript")} */
export const ts = createRequire(import.meta.url)("typescript");
