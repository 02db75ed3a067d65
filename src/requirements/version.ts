/** Versions of Python projects: in one spelling each, and in order (PEP 440). */

/** After the pattern in PEP 440, appendix B. */
const pattern = new RegExp(
  [
    String.raw`^v?(?:(?<epoch>\d+)!)?(?<release>\d+(?:\.\d+)*)`,
    String.raw`(?:[-_.]?(?<pre>alpha|beta|preview|pre|a|b|c|rc)[-_.]?(?<preNumber>\d+)?)?`,
    String.raw`(?:-(?<implicitPost>\d+)|(?<post>[-_.]?(?:post|rev|r)[-_.]?(?<postNumber>\d+)?))?`,
    String.raw`(?<dev>[-_.]?dev[-_.]?(?<devNumber>\d+)?)?`,
    String.raw`(?:\+(?<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?$`,
  ].join(""),
);

const preNames: Readonly<Record<string, string>> = {
  alpha: "a",
  beta: "b",
  c: "rc",
  pre: "rc",
  preview: "rc",
};

export interface Version {
  readonly epoch: number;
  readonly release: readonly number[];
  readonly pre?: readonly [name: string, number: number];
  readonly post?: number;
  readonly dev?: number;
  /** In its one spelling; empty when there is none. */
  readonly local: string;
}

/** Undefined for a text that is not a version. */
export function parseVersion(version: string): Version | undefined {
  const parts = pattern.exec(version.trim().toLowerCase())?.groups;
  if (parts === undefined) return undefined;
  const { epoch, release = "", pre, preNumber, implicitPost, post, postNumber } = parts;
  const { dev, devNumber, local = "" } = parts;
  const hasPost = post !== undefined || implicitPost !== undefined;
  return {
    epoch: Number(epoch ?? 0),
    release: release.split(".").map(Number),
    ...(pre === undefined ? {} : { pre: [preNames[pre] ?? pre, Number(preNumber ?? 0)] }),
    ...(hasPost ? { post: Number(implicitPost ?? postNumber ?? 0) } : {}),
    ...(dev === undefined ? {} : { dev: Number(devNumber ?? 0) }),
    local: local.replaceAll(/[-_]/g, "."),
  };
}

/** `1.0.0-Beta2` and `1b2` become the same text. A text that is not a version: in lower case. */
export function canonicalVersion(version: string): string {
  const parsed = parseVersion(version);
  if (parsed === undefined) return version.trim().toLowerCase();
  const { epoch, pre, post, dev, local } = parsed;
  const release = [...parsed.release];
  while (release.length > 1 && release.at(-1) === 0) release.pop();
  return [
    epoch === 0 ? "" : `${epoch}!`,
    release.join("."),
    pre?.join("") ?? "",
    post === undefined ? "" : `.post${post}`,
    dev === undefined ? "" : `.dev${dev}`,
    local === "" ? "" : `+${local}`,
  ].join("");
}

/** Below 0 when `a` is the older one. */
export function compareVersions(a: Version, b: Version): number {
  return (
    a.epoch - b.epoch ||
    compareNumbers(a.release, b.release) ||
    comparePre(preOf(a), preOf(b)) ||
    (a.post ?? -1) - (b.post ?? -1) ||
    compareWithInfinity(a.dev ?? Infinity, b.dev ?? Infinity) ||
    compareLocal(a.local, b.local)
  );
}

/** Without zeros at the end, 1.0 is 1. */
export function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** A release comes after its previews, and a development version of it before them. */
function preOf({ pre, post, dev }: Version): readonly [string, number] {
  if (pre !== undefined) return pre;
  return post === undefined && dev !== undefined ? ["", 0] : ["z", 0];
}

function comparePre(a: readonly [string, number], b: readonly [string, number]): number {
  if (a[0] !== b[0]) return a[0] < b[0] ? -1 : 1;
  return a[1] - b[1];
}

function compareWithInfinity(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

/** Part by part: numbers by size and after words, and more parts after fewer. */
function compareLocal(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => (text === "" ? [] : text.split(".")));
  for (let index = 0; ; index += 1) {
    const [one, other] = [left?.[index], right?.[index]];
    if (one === undefined || other === undefined) {
      return Number(one !== undefined) - Number(other !== undefined);
    }
    if (one === other) continue;
    const [isNumber, isOtherNumber] = [one, other].map((part) => /^\d+$/.test(part));
    if (isNumber && isOtherNumber) {
      if (Number(one) === Number(other)) continue;
      return Number(one) - Number(other);
    }
    if (isNumber !== isOtherNumber) return isNumber ? 1 : -1;
    return one < other ? -1 : 1;
  }
}
