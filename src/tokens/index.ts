/** One pool of job tokens, and how the programs of a build draw on it. */
export { createTokenPool, type PackageTokens, type TokenPool } from "./pool.ts";
export { callersTokens, ownTokens, type TokenSource } from "./source.ts";
export { placeShims, shimFolder, tokenEnvironment, tokenFifo } from "./dialects.ts";
export { readMakeFlags } from "./make-flags.ts";
