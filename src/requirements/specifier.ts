/** Whether a version is one of those that a requirement allows: version specifiers of PEP 440. */
import {
  canonicalVersion,
  compareNumbers,
  compareVersions,
  parseVersion,
  type Version,
} from "./version.ts";

const clausePattern = /^(===|==|!=|~=|<=|>=|<|>)\s*(\S+)$/;

/** `>=1.2, !=1.3.*`; what is wrong with it, or undefined. */
export function specifierDefect(specifier: string): string | undefined {
  for (const clause of clausesOf(specifier)) {
    const [, operator, wanted = ""] = clausePattern.exec(clause) ?? [];
    if (operator === undefined) return `${JSON.stringify(clause)} is not a version specifier`;
    if (operator === "===") continue;
    const hasStar = /^(==|!=)$/.test(operator) && wanted.endsWith(".*");
    const isVersion = parseVersion(hasStar ? wanted.slice(0, -2) : wanted) !== undefined;
    if (!isVersion) return `${JSON.stringify(wanted)} is not a version`;
  }
  return undefined;
}

/** An empty specifier allows every version. One that is broken allows none. */
export function allows(specifier: string, version: string): boolean {
  return clausesOf(specifier).every((clause) => allowsBy(clause, version));
}

/** The version that a specifier pins by itself: of `==1.2`, not of `==1.*`. */
export function pinnedBy(specifier: string): string | undefined {
  for (const clause of clausesOf(specifier)) {
    const [, operator, wanted = ""] = clausePattern.exec(clause) ?? [];
    if ((operator === "==" || operator === "===") && !wanted.endsWith(".*")) return wanted;
  }
  return undefined;
}

/** The same without what forbids newer versions: `>=1, <2, !=1.3` becomes `>=1,!=1.3`. */
export function withoutUpperBounds(specifier: string): string {
  return clausesOf(specifier)
    .flatMap((clause) => {
      const [, operator = "", wanted = ""] = clausePattern.exec(clause) ?? [];
      if (operator === "<" || operator === "<=" || operator === "===") return [];
      if (operator !== "==" && operator !== "~=") return [clause];
      return [`>=${wanted.replace(/\.\*$/, "")}`];
    })
    .join(",");
}

function clausesOf(specifier: string): string[] {
  return specifier
    .split(",")
    .map((clause) => clause.trim())
    .filter((clause) => clause !== "");
}

function allowsBy(clause: string, text: string): boolean {
  const [, operator, wanted = ""] = clausePattern.exec(clause) ?? [];
  if (operator === "===") return text.trim().toLowerCase() === wanted.toLowerCase();
  const version = parseVersion(text);
  if (wanted.endsWith(".*") && version !== undefined) {
    const prefix = parseVersion(wanted.slice(0, -2));
    if (prefix === undefined) return false;
    if (operator === "==") return startsWith(version, prefix);
    return operator === "!=" && !startsWith(version, prefix);
  }
  const bound = parseVersion(wanted);
  if (version === undefined || bound === undefined) return false;
  return allowsByOrder(operator, version, bound);
}

function allowsByOrder(operator: string | undefined, version: Version, bound: Version): boolean {
  const own = bound.local === "" ? { ...version, local: "" } : version;
  const order = compareVersions(own, bound);
  switch (operator) {
    case "==":
      return order === 0;
    case "!=":
      return order !== 0;
    case ">=":
      return order >= 0;
    case "<=":
      return order <= 0;
    case "~=":
      return order >= 0 && startsWith(own, { ...bound, release: bound.release.slice(0, -1) });
    // A preview of the bound is not below it, and what was made of it afterwards is not above.
    case "<":
      return order < 0 && (isPreview(bound) || !isPreview(own) || !sameRelease(own, bound));
    case ">":
      return order > 0 && !(isMadeAfter(version, bound) && sameRelease(version, bound));
    default:
      return false;
  }
}

function startsWith(version: Version, prefix: Version): boolean {
  const { length } = prefix.release;
  const padded = [...version.release, ...Array.from({ length }, () => 0)];
  return (
    version.epoch === prefix.epoch && compareNumbers(padded.slice(0, length), prefix.release) === 0
  );
}

function sameRelease(a: Version, b: Version): boolean {
  return a.epoch === b.epoch && compareNumbers(a.release, b.release) === 0;
}

function isMadeAfter({ post, local }: Version, bound: Version): boolean {
  return (post !== undefined && bound.post === undefined) || local !== "";
}

function isPreview({ pre, dev }: Version): boolean {
  return pre !== undefined || dev !== undefined;
}

export function sameVersion(a: string, b: string): boolean {
  return canonicalVersion(a) === canonicalVersion(b);
}
