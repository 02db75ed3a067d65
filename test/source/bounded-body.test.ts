/** The body of an answer is given up where it does not come. */
import { expect, test } from "vitest";
import { boundedBody } from "../../src/source/bounded-body.ts";
import { createSimulatedClock } from "../../src/world/simulated/index.ts";

/** So many pieces of a size, each after a while. */
async function receive(pieces: number, pieceBytes: number, waitMs: number): Promise<number> {
  const clock = createSimulatedClock();
  async function* body(): AsyncGenerator<Uint8Array> {
    for (let piece = 0; piece < pieces; piece += 1) {
      await clock.sleep(waitMs);
      yield new Uint8Array(pieceBytes);
    }
  }
  const response = {
    status: 200,
    headers: {},
    url: "http://h/x",
    body: body(),
    close: async () => {},
  };
  let received = 0;
  for await (const chunk of boundedBody(clock, response, 4 << 20)) received += chunk.length;
  return received;
}

test("a body of any speed that is worth waiting for comes through", async () => {
  expect(await receive(4, 1 << 20, 0)).toBe(4 << 20);
  expect(await receive(100, 1000, 15_000)).toBe(100_000);
});

test("one that does not end is given up, for good", async () => {
  await expect(receive(1e9, 1 << 20, 0)).rejects.toMatchObject({
    message: "http://h/x: what it gives does not end: it is more than 4 MiB",
    isFinal: true,
  });
});

test("so is one that comes drop by drop", async () => {
  await expect(receive(1e9, 1, 5_000)).rejects.toThrow("less than 1 KiB a minute");
});
