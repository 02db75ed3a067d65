/** Fuzzing: a property is tried with new inputs until its time is over. */
import * as fc from "fast-check";
import { test } from "vitest";

/** Of each file. */
const askedSeconds = process.env["TENON_FUZZ_SECONDS"];
const seconds = Number(askedSeconds ?? "10");
/** New inputs only where somebody asks for time: what ends a suite has to be there at the next run, too. */
const usualSeed = askedSeconds === undefined ? 1 : Date.now() % 2 ** 31;
const seed = Number(process.env["TENON_FUZZ_SEED"] ?? usualSeed);
const shrinkingMs = 60_000;

let properties = 0;

/**
 * The properties of a file share its ten seconds, or what `TENON_FUZZ_SECONDS` says. `TENON_FUZZ_SEED` tries
 * the same inputs again; a failure prints the seed and the smallest input that was found.
 */
export function fuzz<Input>(
  name: string,
  input: fc.Arbitrary<Input>,
  check: (input: Input) => void | Promise<void>,
): void {
  properties += 1;
  test(`${name} (seed ${seed})`, { timeout: seconds * 1000 + shrinkingMs }, async () => {
    const property = fc.asyncProperty(input, async (value) => await check(value));
    const run = await fc.check(property, {
      seed,
      numRuns: Number.MAX_SAFE_INTEGER,
      interruptAfterTimeLimit: (seconds * 1000) / properties,
      endOnFailure: false,
    });
    if (run.failed) throw new Error(fc.defaultReportMessage(run));
    process.stdout.write(`${name}: ${run.numRuns} inputs\n`);
  });
}

const oddTexts = fc.oneof(
  fc.constantFrom("", ".", "..", "../x", "/", "/etc/x", "a/../../b", "a//b", "a/", "\0", "\n"),
  fc.constantFrom("\u{1b}[31m", "\u{202e}", "\u{fffd}", "a".repeat(300), "a/".repeat(3000)),
  fc.constantFrom("var/lib/tenon/lock", "var/lib/tenon/tx/x", "__proto__", "undefined", "1e999"),
);

const oddValues: fc.Arbitrary<unknown> = fc.oneof(
  oddTexts,
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constantFrom(null, true, false, 0, -1, 1.5, 1e300, 2 ** 53, -0, [], {}, [[]], [null]),
  fc.jsonValue({ maxDepth: 3 }),
);

interface Edit {
  readonly way: readonly number[];
  readonly kind: "replace" | "remove" | "double" | "rename";
  readonly value: unknown;
}

const edits: fc.Arbitrary<readonly Edit[]> = fc.array(
  fc.record({
    way: fc.array(fc.nat(9), { minLength: 1, maxLength: 5 }),
    kind: fc.constantFrom("replace", "remove", "double", "rename"),
    value: oddValues,
  }),
  { minLength: 1, maxLength: 3 },
);

/** JSON that is nearly right: some of its values are others, or gone, or there twice. */
export function nearly(base: unknown): fc.Arbitrary<unknown> {
  return edits.map((list) => list.reduce((value, edit) => edited(value, edit, 0), base));
}

function edited(value: unknown, edit: Edit, depth: number): unknown {
  const step = edit.way[depth];
  if (step === undefined || typeof value !== "object" || value === null) return edit.value;
  const entries = Object.entries(value);
  const at = entries[step % Math.max(1, entries.length)];
  if (at === undefined) return edit.value;
  const isLast = depth === edit.way.length - 1;
  const changed = entries.flatMap(([key, each]): [string, unknown][] => {
    if (key !== at[0]) return [[key, each]];
    if (!isLast) return [[key, edited(each, edit, depth + 1)]];
    switch (edit.kind) {
      case "replace":
        return [[key, edit.value]];
      case "remove":
        return [];
      case "double":
        return [
          [key, each],
          [`${key}0`, each],
        ];
      case "rename":
        return [[typeof edit.value === "string" ? edit.value : JSON.stringify(edit.value), each]];
    }
  });
  return Array.isArray(value) ? changed.map(([, each]) => each) : Object.fromEntries(changed);
}

/** Bytes that are nearly right: cut, changed, put in, or all others. */
export function nearlyBytes(base: string): fc.Arbitrary<Buffer> {
  const bytes = Buffer.from(base);
  const piece = fc.uint8Array({ maxLength: 8 });
  return fc.oneof(
    fc.nat(bytes.length).map((end) => bytes.subarray(0, end)),
    fc.tuple(fc.nat(bytes.length), fc.nat(4), piece).map(([at, gone, put]) => {
      return Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + gone)]);
    }),
    fc.uint8Array({ maxLength: 200 }).map((random) => Buffer.from(random)),
  );
}
