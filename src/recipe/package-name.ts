/** What a package may be called. */
export { isPackageName, packageNameRule } from "../core/index.ts";
