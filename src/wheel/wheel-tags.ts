/** Whether a wheel is for an interpreter and its machine: its tags (PEP 425) and Requires-Python. */
import { allows } from "../requirements/index.ts";
import { wheelError } from "./wheel-error.ts";
import type { Wheel } from "./wheel.ts";

/** Refuses a wheel that none of the interpreter's tags, best first, fits. */
export function checkTags(
  wheel: Pick<Wheel, "fileName" | "tags">,
  supported: ReadonlySet<string>,
): void {
  if (wheel.tags.some((tag) => supported.has(tag))) return;
  throw wheelError("WHEEL_TAGS", wheel.fileName, mismatch(wheel.tags, [...supported]));
}

/** Refuses a wheel that wants another Python; of a preview, only its release counts. */
export function checkPython(
  { fileName, requiresPython = "" }: Pick<Wheel, "fileName" | "requiresPython">,
  version: string,
): void {
  const release = /^[\d.]+\d/.exec(version)?.[0] ?? version;
  if (allows(requiresPython, release)) return;
  const what = `needs Python ${requiresPython}, and this interpreter is ${version}`;
  throw wheelError("WHEEL_PYTHON", fileName, what);
}

/** The first part of the tags that does not fit is named alone: `cp38` beside `cp311`. */
function mismatch(tags: readonly string[], supported: readonly string[]): string {
  const [best = "unknown"] = supported;
  const [interpreter = best, abi = best, platform = best] = best.split("-");
  const platforms = new Set(supported.map((tag) => tag.split("-")[2]));
  const wanted = (...parts: number[]): string =>
    [...new Set(tags.map((tag) => parts.map((part) => tag.split("-")[part]).join("-")))].join(
      " or ",
    );
  if (!tags.some((tag) => platforms.has(tag.split("-")[2])))
    return `is built for ${wanted(2)}, and this machine is ${platform}`;
  if (!tags.some((tag) => tag.startsWith(`${interpreter}-`)))
    return `is built for ${wanted(0)}, and this interpreter is ${interpreter}`;
  return `is built for ${wanted(0, 1)}, and this interpreter is ${interpreter}-${abi}`;
}
