/**
 * What a person sets in the environment to have packages built in another way, as Sage's installation guide has
 * it. Each counts as a part of what it reaches: setting one builds that again, and nothing else.
 */
import { type Disk, listIfAny, readTextIfAny } from "../world/index.ts";
import type { SagePackage } from "./package.ts";

/** Of everything that is compiled. */
const compilers =
  /^(?:CC|CXX|CPP|FC|F77|OBJC|OBJCXX|LD|AR|(?:C|CXX|CPP|FC|F77|LD|CCAS)FLAGS|(?:CXX|LD)FLAG64|SAGE_DEBUG)$/;

/** Of packages whose scripts speak of it. */
const special =
  /^(?:[A-Z][A-Z0-9]*_(?:CONFIGURE|MAKEFLAGS)|SAGE_(?:DOCBUILD_OPTS|EDITABLE|FAT_BINARY|LIVE_DOC|MATPLOTLIB_GUI|PROFILE|SPKG_INSTALL_DOCS|TUNE_PARI|USE_CDNS|WHEELS))$/;

type Environment = Readonly<Record<string, string>>;

/** Those of the caller's variables that the package's script is to have. */
export function callerSettings(
  disk: Disk,
  { directory, source }: SagePackage,
  environment: Environment,
): Environment {
  if (source === "wheel" || source === "none") return {};
  let scripts: string | undefined;
  const isMentioned = (name: string): boolean => {
    scripts ??= textOfScripts(disk, directory);
    return new RegExp(`\\b${name}\\b`).test(scripts);
  };
  const chosen = Object.entries(environment).filter(
    ([name]) => compilers.test(name) || (special.test(name) && isMentioned(name)),
  );
  return Object.fromEntries(chosen.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function textOfScripts(disk: Disk, directory: string): string {
  const names = listIfAny(disk, directory).map(({ name }) => name);
  return names
    .filter((name) => name.startsWith("spkg-"))
    .map((name) => readTextIfAny(disk, `${directory}/${name}`) ?? "")
    .join("\n");
}
