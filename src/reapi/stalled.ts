/** A stream of answers that stops coming, without an end, is an error. */
import { Code, ConnectError } from "@connectrpc/connect";
import type { Server } from "./server.ts";

const patienceMs = 30_000;

/** The same answers; throws a ConnectError where the next one does not come in time. */
export async function* unlessStalled<Answer>(
  { world }: Pick<Server, "world">,
  answers: AsyncIterable<Answer>,
): AsyncGenerator<Answer> {
  const iterator = answers[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await inTime(world.clock, iterator.next());
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    // It may wait for what never comes, so nobody waits for it.
    void iterator.return?.()?.catch(() => {});
  }
}

async function inTime<Value>(
  clock: Server["world"]["clock"],
  value: Promise<Value>,
): Promise<Value> {
  let cancel = (): void => {};
  const late = new Promise<never>((_, reject) => {
    cancel = clock.callAfter(patienceMs, () =>
      reject(new ConnectError("the transfer stalled", Code.DeadlineExceeded)),
    );
  });
  try {
    return await Promise.race([value, late]);
  } finally {
    cancel();
  }
}
