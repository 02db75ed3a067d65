/** Fuzzing: a property is tried with new inputs until its time is over. */
import * as fc from "fast-check";
import { test } from "vitest";

const seconds = Number(process.env["TENON_FUZZ_SECONDS"] ?? "5");
const seed = Number(process.env["TENON_FUZZ_SEED"] ?? Date.now() % 2 ** 31);
const shrinkingMs = 60_000;

/**
 * `TENON_FUZZ_SECONDS` gives each property more time, `TENON_FUZZ_SEED` tries the same inputs again;
 * a failure prints the seed and the smallest input that was found.
 */
export function fuzz<Input>(
  name: string,
  input: fc.Arbitrary<Input>,
  check: (input: Input) => void | Promise<void>,
): void {
  test(`${name} (seed ${seed})`, { timeout: seconds * 1000 + shrinkingMs }, async () => {
    const property = fc.asyncProperty(input, async (value) => await check(value));
    await fc.assert(property, {
      seed,
      numRuns: Number.MAX_SAFE_INTEGER,
      interruptAfterTimeLimit: seconds * 1000,
      endOnFailure: false,
    });
  });
}
