/** Package URLs: the names by which a pyproject.toml.m4 may ask for a package. */
import type { SagePackage } from "./package.ts";

/** The package that a name or a PURL means. */
export type FindPackage = (nameOrPurl: string) => string | undefined;

export function findByPurl(packages: Iterable<SagePackage>): FindPackage {
  const purls = new Map<string, string>();
  const byPurl = new Map<string, string>();
  for (const { name, purl } of packages) {
    purls.set(name, purl);
    if (!byPurl.has(purl)) byPurl.set(purl, name);
  }
  return (wanted) => {
    if (!wanted.startsWith("pkg:")) return purls.has(wanted) ? wanted : undefined;
    const purl = wanted.replaceAll("_", "-").toLowerCase();
    // Of several packages with one PURL, the one of that name is meant.
    const namesake = purl.replace(/^pkg:[a-z]+\//, "").replaceAll("-", "_");
    return purls.get(namesake) === purl ? namesake : byPurl.get(purl);
  };
}
