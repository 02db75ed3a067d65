/** A build of a checkout's packages, and what is in the prefix while it does not run. */
import { existsSync, readdirSync } from "node:fs";
import { attempt } from "./sage-attempt.js";
import { localOf, venvOf } from "./sage-checkout.js";
import { brokenDistributions, differencesFrom, judge, readFiles } from "./sage-state.js";

export function environment({ root }, store) {
  return { ...process.env, MAKEFLAGS: "", TENON_STORE: `${root}/${store}` };
}

/** @typedef {{ store: string, killAfterMs?: number, hasBegun?: () => boolean }} BuildOptions */

export function build(tool, setting, /** @type {BuildOptions} */ options) {
  const { store, killAfterMs, hasBegun } = options;
  const { checkout, timeoutMs } = setting;
  const env = environment(setting, store);
  return attempt(tool.command, { env, place: checkout, timeoutMs, killAfterMs, hasBegun });
}

/** Folders in the prefix of builds and transactions that are under way, or have been. */
export function workIn({ checkout }) {
  const local = localOf(checkout);
  const builds = [local, venvOf(checkout)].map((tree) => `${tree}/var/tmp/sage/build`);
  return [...builds, `${local}/var/lib/tenon/tx`].flatMap(namesIn);
}

/** What lies in tenon's store for a moment only, or for as long as a build takes. */
export function scratchOf({ root }, store) {
  return namesIn(`${root}/${store}/scratch`);
}

function namesIn(folder) {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** Beside what is found, what it is called by, and how it differs from an undisturbed build. */
export function look({ tool, setting, store }) {
  const tree = readFiles(localOf(setting.checkout));
  const found = judge(tool.reference, tree);
  const distributions = brokenDistributions(venvOf(setting.checkout));
  const { half, unstamped, hollow } = found;
  return {
    ...found,
    broken: [...new Set([...half, ...unstamped, ...hollow])],
    unlike: differencesFrom(tool.reference, tree),
    distributions: distributions.filter((name) => !tool.broken.includes(name)),
    work: workIn(setting),
    scratch: scratchOf(setting, store),
    kept: tool.kept?.(`${setting.root}/${store}`) ?? found.whole.length,
  };
}
