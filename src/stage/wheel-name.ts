/** The file name of a wheel (binary distribution format), and when two names or versions are one. */
import { wheelError } from "./wheel-error.ts";

export interface WheelName {
  readonly name: string;
  readonly version: string;
  readonly build?: string;
  /** Every combination: `py2.py3-none-any` gives two. */
  readonly tags: readonly string[];
}

export function parseWheelName(fileName: string): WheelName {
  const parts = fileName.replace(/\.whl$/, "").split("-");
  const [platforms, abis, pythons] = parts.splice(-3).reverse();
  const [name, version, build, ...rest] = parts;
  const isGood =
    fileName.endsWith(".whl") &&
    rest.length === 0 &&
    isName(name) &&
    /^[A-Za-z0-9][A-Za-z0-9._+!]*$/.test(version ?? "") &&
    /^(\d[A-Za-z0-9._]*)?$/.test(build ?? "") &&
    build !== "" &&
    [pythons, abis, platforms].every((tag) => /^\w+(\.\w+)*$/.test(tag ?? ""));
  if (!isGood || name === undefined || version === undefined)
    throw wheelError(
      "WHEEL_NAME",
      fileName,
      "has no wheel's name: NAME-VERSION[-BUILD]-PYTHON-ABI-PLATFORM.whl is expected",
    );
  const tags = expandTags(pythons ?? "", abis ?? "", platforms ?? "");
  return { name, version, tags, ...(build === undefined ? {} : { build }) };
}

/** Whether a text can be a distribution's name. */
export function isName(text: string | undefined): text is string {
  return text !== undefined && /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(text);
}

/** One spelling a name: lower case, one `-` for every run of `-`, `_` and `.`. */
export function normalizeName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}

export function isSameVersion(a: string, b: string): boolean {
  return normalizeVersion(a) === normalizeVersion(b) || looseVersion(a) === looseVersion(b);
}

function expandTags(pythons: string, abis: string, platforms: string): string[] {
  return pythons
    .split(".")
    .flatMap((python) =>
      abis
        .split(".")
        .flatMap((abi) => platforms.split(".").map((platform) => `${python}-${abi}-${platform}`)),
    );
}

const versionPattern = new RegExp(
  [
    /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)/,
    /(?:[-_.]?(alpha|beta|preview|pre|rc|a|b|c)[-_.]?(\d*))?/,
    /(?:[-_](\d+)|[-_.]?(?:post|rev|r)[-_.]?(\d*))?/,
    /(?:[-_.]?dev[-_.]?(\d*))?/,
    /(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/,
  ]
    .map((part) => part.source)
    .join(""),
);

/** The normal form of the version specifier standard, without zeros at the release's end. */
function normalizeVersion(version: string): string {
  const match = versionPattern.exec(version.toLowerCase());
  if (match === null) return looseVersion(version);
  const [, epoch, release = "", phase, phaseNumber, implicitPost, post, dev, local] = match;
  const after = implicitPost ?? post;
  return [
    epoch === undefined ? "" : `${BigInt(epoch)}!`.replace(/^0!/, ""),
    release
      .split(".")
      .map(plain)
      .join(".")
      .replace(/(\.0)+$/, ""),
    phase === undefined ? "" : `${phases[phase] ?? phase}${plain(phaseNumber)}`,
    after === undefined ? "" : `.post${plain(after)}`,
    dev === undefined ? "" : `.dev${plain(dev)}`,
    local === undefined ? "" : `+${local.replace(/[-_]/g, ".")}`,
  ].join("");
}

const phases: Readonly<Record<string, string>> = {
  alpha: "a",
  beta: "b",
  c: "rc",
  pre: "rc",
  preview: "rc",
};

function plain(digits: string | undefined): string {
  return BigInt(digits || "0").toString();
}

/** Old file names wrote `_` for whatever a file name could not hold. */
function looseVersion(version: string): string {
  return version.toLowerCase().replace(/[-_.+]+/g, ".");
}
