/** Which packages are tested: those with a script for it, less the ones that Sage leaves out. */
import type { CheckMode } from "../recipe/index.ts";
import { type Disk, exists } from "../world/index.ts";
import type { SagePackage } from "./package.ts";

/** Lists as in SAGE_CHECK_PACKAGES: `name` is tested, `?name` with a warning only, `!name` not at all. */
interface CheckLists {
  /** Holds where checks were asked for and there is no other. */
  readonly usual: string;
  /** Holds whatever was asked for. */
  readonly own?: string | undefined;
}

export function hasCheck(disk: Disk, { directory, source }: SagePackage): boolean {
  const names = ["spkg-check", "spkg-check.in"];
  return source !== "pip" && names.some((name) => exists(disk, `${directory}/${name}`));
}

/** As Sage's own make is told. */
export function askedBy(environment: Readonly<Record<string, string>>): CheckMode {
  const wanted = environment["SAGE_CHECK"];
  return wanted === "yes" ? "require" : wanted === "warn" ? "warn" : "no";
}

/** As Sage's makefile reads them: of several words for one package the last. */
export function checkModes(asked: CheckMode, lists: CheckLists): (name: string) => CheckMode {
  const list = lists.own ?? (asked === "no" ? "" : lists.usual);
  const words = list.split(/[,:\s]+/).filter(Boolean);
  const said = new Map(words.map((word) => [word.replaceAll(/[!?]/g, ""), modeOf(word)]));
  return (name) => said.get(name) ?? (name.includes("sagemath_") ? "no" : asked);
}

function modeOf(word: string): CheckMode {
  return word.includes("!") ? "no" : word.includes("?") ? "warn" : "require";
}
