/** The file name of a wheel (binary distribution format), and when two names or versions are one. */
import { sameVersion } from "../requirements/index.ts";
import { wheelError } from "./wheel-error.ts";

interface WheelName {
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

export function isSameVersion(a: string, b: string): boolean {
  return sameVersion(a, b) || looseVersion(a) === looseVersion(b);
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

/** Old file names wrote `_` for whatever a file name could not hold. */
function looseVersion(version: string): string {
  return version.toLowerCase().replace(/[-_.+]+/g, ".");
}
