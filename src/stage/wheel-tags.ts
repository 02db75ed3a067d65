/** Whether a wheel is built for an interpreter and its machine (PEP 425). */
import { wheelError } from "./wheel-error.ts";
import type { Wheel } from "./wheel.ts";

/** Refuses a wheel that none of the interpreter's tags, best first, fits. */
export function checkTags(wheel: Wheel, supported: ReadonlySet<string>): void {
  if (wheel.tags.some((tag) => supported.has(tag))) return;
  throw wheelError("WHEEL_TAGS", wheel.fileName, mismatch(wheel.tags, [...supported]));
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
