/** Which packages are tested: those with a script for it, less the ones that Sage leaves out. */
import { type Disk, exists } from "../world/index.ts";
import type { Configured } from "./makefile.ts";
import type { SagePackage } from "./package.ts";

export function isChecked(disk: Disk, item: SagePackage, configured: Configured): boolean {
  const hasScript = ["spkg-check", "spkg-check.in"].some((name) =>
    exists(disk, `${item.directory}/${name}`),
  );
  if (!hasScript || item.source === "pip" || item.name.includes("sagemath_")) return false;
  const clauses = configured.variable("SAGE_CHECK_PACKAGES_DEFAULT_yes").split(/[,:\s]+/);
  return !clauses.includes(`!${item.name}`);
}
