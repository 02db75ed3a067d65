/** The one way in which tenon waits for what another process holds. */
import { describe, expect, test } from "vitest";
import { waitForLock, type WaitOptions } from "../../src/world/index.ts";
import { createSimulatedWorld } from "../../src/world/simulated/index.ts";

/** A lock that is free at the given look. */
function freeAt(look: number, options: WaitOptions, who?: string): Promise<number> {
  let looks = 0;
  const take = (): number | undefined => (++looks >= look ? looks : undefined);
  const { clock } = createSimulatedWorld({});
  return waitForLock(clock, { take, holder: () => who, doing: "changing /p" }, options);
}

const never = Number.POSITIVE_INFINITY;

test("what is free is ours at once", async () => {
  const onWait = (): void => expect.fail("there is nobody to wait for");
  expect(await freeAt(1, { noWait: true, signal: AbortSignal.abort(), onWait })).toBe(1);
});

test("a short wait is not worth a word, and a longer one is told once", async () => {
  const told: string[] = [];
  const options = { onWait: (text: string): void => void told.push(text) };
  await freeAt(3, options, "process 7");
  expect(told).toEqual([]);
  await freeAt(50, options, "process 7");
  await freeAt(50, options);
  expect(told).toEqual([
    "process 7, which is changing /p",
    "another process, which is changing /p",
  ]);
});

test("a long wait asks a few times a second", async () => {
  const { clock } = createSimulatedWorld({});
  const startedMs = clock.monotonicMs();
  let looks = 0;
  const take = (): true | undefined => {
    looks += 1;
    return clock.monotonicMs() - startedMs > 60_000 ? true : undefined;
  };
  await waitForLock(clock, { take, holder: () => undefined, doing: "x" }, {});
  expect(looks).toBeGreaterThan(60);
  expect(looks).toBeLessThan(600);
});

describe("the waiting ends", () => {
  test("before it begins, where nobody wants to wait", async () => {
    await expect(freeAt(never, { noWait: true }, "process 7")).rejects.toMatchObject({
      kind: "machine",
      code: "PREFIX_LOCKED",
      message: "process 7 is changing /p",
    });
  });

  test("when the person says stop", async () => {
    const stop = new AbortController();
    const waiting = freeAt(never, { onWait: () => stop.abort(), signal: stop.signal });
    await expect(waiting).rejects.toMatchObject({
      kind: "interrupted",
      message: "interrupted while another process was changing /p",
    });
  });
});
