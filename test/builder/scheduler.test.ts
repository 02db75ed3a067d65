/** Laws of the scheduler: order, limits, failures, and what is put off. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  schedule,
  type ScheduleOptions,
  type ScheduleResult,
} from "../../src/builder/scheduler.ts";
import type { WorkItem } from "../../src/plan/index.ts";

interface Options extends Partial<ScheduleOptions> {
  readonly failing?: ReadonlySet<string>;
}

interface Told {
  readonly started: string[];
  readonly ended: string[];
  readonly blocked: [string, readonly string[]][];
  most: number;
  readonly result: ScheduleResult;
}

const plain = {
  aheadLimit: 2,
  onBlocked: () => {},
  isStopped: () => false,
  pause: async () => {},
};

/** Each item takes as many turns of the event loop as its name says, so that ends interleave. */
async function run(items: readonly WorkItem[], options: Options = {}): Promise<Told> {
  const told = { started: [] as string[], ended: [] as string[], most: 0 };
  const blocked: Told["blocked"] = [];
  let running = 0;
  const result = await schedule(items, {
    ...plain,
    limit: 4,
    run: async (name) => {
      told.started.push(name);
      told.most = Math.max(told.most, (running += 1));
      for (let turn = name.length + (name.charCodeAt(0) % 3); turn > 0; turn -= 1) {
        await Promise.resolve();
      }
      running -= 1;
      told.ended.push(name);
      return !options.failing?.has(name);
    },
    onBlocked: (name, by) => blocked.push([name, by]),
    ...options,
  });
  return { ...told, blocked, result };
}

const item = (name: string, ...needs: string[]): WorkItem => ({ name, needs });

/** Items that need only earlier ones, in any order, and some of them fail. */
const anyWork = fc
  .record({
    rows: fc.array(fc.array(fc.nat(), { maxLength: 4 }), { maxLength: 25 }),
    failing: fc.array(fc.nat({ max: 24 }), { maxLength: 3 }),
    limit: fc.integer({ min: 1, max: 6 }),
  })
  .chain(({ rows, failing, limit }) => {
    const items = rows.map((row, index) =>
      item(`i${index}`, ...(index === 0 ? [] : row.map((each) => `i${each % index}`))),
    );
    const names = new Set(failing.map((index) => `i${index}`));
    return fc
      .shuffledSubarray(items, { minLength: items.length })
      .map((shuffled) => ({ items: shuffled, failing: names, limit }));
  });

/** The failed items that an item needs, directly or not. */
function causes(items: readonly WorkItem[], failed: readonly string[], name: string): string[] {
  const needs = new Map(items.map((each) => [each.name, each.needs]));
  const reached = new Set(needs.get(name));
  for (const need of reached) for (const other of needs.get(need) ?? []) reached.add(other);
  return failed.filter((each) => reached.has(each)).sort();
}

describe("whatever the work", () => {
  test("an item runs once, after its needs, beside no more than the limit allows", () =>
    fc.assert(
      fc.asyncProperty(anyWork, async ({ items, failing, limit }) => {
        const { started, ended, most, result } = await run(items, { failing, limit });
        expect(most).toBeLessThanOrEqual(limit);
        expect(new Set(started).size).toBe(started.length);
        expect([...started].sort()).toEqual([...result.succeeded, ...result.failed].sort());
        for (const { name, needs } of items) {
          if (!started.includes(name)) continue;
          for (const need of needs) expect(result.succeeded).toContain(need);
        }
        expect([...ended].sort()).toEqual([...started].sort());
      }),
    ));

  test("what does not run is blocked by every failed item that it needs, and told once", () =>
    fc.assert(
      fc.asyncProperty(anyWork, async ({ items, failing, limit }) => {
        const { blocked, result } = await run(items, { failing, limit });
        const { failed, succeeded } = result;
        expect(result.skipped).toEqual([]);
        expect(blocked.map(([name]) => name).sort()).toEqual([...result.blocked.keys()].sort());
        expect(succeeded.length + failed.length + result.blocked.size).toBe(items.length);
        for (const { name } of items) {
          expect([...(result.blocked.get(name) ?? [])].sort()).toEqual(causes(items, failed, name));
        }
      }),
    ));

  test("many at once give the same as one after the other (I9)", () =>
    fc.assert(
      fc.asyncProperty(anyWork, async ({ items, failing, limit }) => {
        const serial = (await run(items, { failing, limit: 1 })).result;
        const parallel = (await run(items, { failing, limit })).result;
        expect([...parallel.succeeded].sort()).toEqual([...serial.succeeded].sort());
        expect([...parallel.failed].sort()).toEqual([...serial.failed].sort());
        expect(new Set(parallel.blocked.keys())).toEqual(new Set(serial.blocked.keys()));
      }),
    ));

  test("as much runs at once as the limit and the needs allow", () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 20 }),
        async (n, limit) => {
          const items = Array.from({ length: n }, (_, index) => item(`i${index}`));
          expect((await run(items, { limit })).most).toBe(Math.min(n, limit));
        },
      ),
    ));
});

test("what two failed items block is told once, and both are named at the end", async () => {
  const items = [item("a"), item("b"), item("c", "a", "b"), item("d", "c")];
  const { blocked, result } = await run(items, { failing: new Set(["a", "b"]) });
  expect(blocked.map(([name]) => name)).toEqual(["c", "d"]);
  expect([...result.blocked.values()].map((by) => [...by].sort())).toEqual([
    ["a", "b"],
    ["a", "b"],
  ]);
});

test("the head of the longest chain comes first", async () => {
  const items = [item("a"), item("b"), item("c", "b"), item("d", "c"), item("e", "a")];
  expect((await run(items, { limit: 1 })).started).toEqual(["b", "a", "c", "e", "d"]);
});

test("each run is told how many run with it", async () => {
  const counts: number[] = [];
  await run([item("a"), item("b"), item("c", "a", "b")], {
    run: async (_name, running) => counts.push(running) > 0,
  });
  expect(counts).toEqual([1, 2, 1]);
});

test("needs that are no items are met already", async () => {
  expect((await run([item("a", "elsewhere")])).result.succeeded).toEqual(["a"]);
});

test("nothing to do", async () => {
  const { succeeded, skipped } = (await run([])).result;
  expect([succeeded, skipped]).toEqual([[], []]);
});

test("a stop lets end what runs, and starts nothing", async () => {
  const started: string[] = [];
  const result = await schedule([item("a"), item("b", "a"), item("c")], {
    ...plain,
    limit: 1,
    ...plain,
    run: async (name) => started.push(name) > 0,
    isStopped: () => started.length > 0,
  });
  expect(result).toMatchObject({ succeeded: ["a"], failed: [], skipped: ["b", "c"] });
});

describe("when a run throws", () => {
  const waitThenThrow = async (): Promise<never> => {
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    throw new Error("defect");
  };

  test("what runs beside it ends first, and nothing new starts", async () => {
    const ended: string[] = [];
    const done = schedule([item("bad"), item("slow"), item("next"), item("after", "slow")], {
      ...plain,
      limit: 2,
      run: async (name) => {
        if (name === "bad") return waitThenThrow();
        for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
        return ended.push(name) > 0;
      },
    });
    await expect(done).rejects.toThrow("defect");
    expect(ended).toEqual(["slow"]);
  });

  test("at once, before it gave a promise", async () => {
    const done = schedule([item("a"), item("b")], {
      ...plain,
      limit: 1,
      run: () => {
        throw new Error("defect");
      },
    });
    await expect(done).rejects.toThrow("defect");
  });

  test("a second one is no unhandled rejection", async () => {
    const items = [item("a"), item("b"), item("c")];
    await expect(run(items, { run: waitThenThrow })).rejects.toThrow("defect");
  });
});

test("by expected time: what others wait for longest comes first", async () => {
  const items = [
    item("a"),
    item("b", "a"),
    { ...item("c"), expectedMs: 10 },
    { ...item("d", "c"), expectedMs: 1 },
  ];
  expect((await run(items, { limit: 1 })).started).toEqual(["c", "a", "d", "b"]);
});

describe("what runs ahead", () => {
  const ahead = (name: string): WorkItem => ({ name, needs: [], lane: "ahead" });

  test("takes no job, and has its own limit", async () => {
    const items = [ahead("f1"), ahead("f2"), ahead("f3"), item("a"), item("b", "f3")];
    const now = { ahead: 0, job: 0 };
    const most = { ahead: 0, job: 0 };
    const counts: number[] = [];
    const result = await schedule(items, {
      ...plain,
      limit: 1,
      run: async (name, running) => {
        const lane = name.startsWith("f") ? "ahead" : "job";
        if (lane === "job") counts.push(running);
        most[lane] = Math.max(most[lane], (now[lane] += 1));
        for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
        now[lane] -= 1;
        return true;
      },
    });
    expect(most).toEqual({ ahead: 2, job: 1 });
    expect(counts).toEqual([1, 1]);
    expect(result.succeeded).toHaveLength(5);
  });
});

describe("what is put off", () => {
  test("gives its place to others, and is asked again after a pause", async () => {
    const started: string[] = [];
    let pauses = 0;
    const result = await schedule([item("a"), item("b"), item("c", "a")], {
      ...plain,
      limit: 1,
      pause: async () => void (pauses += 1),
      run: async (name) => {
        started.push(name);
        return name === "a" && pauses < 2 ? "later" : true;
      },
    });
    expect(started.filter((name) => name === "a").length).toBeGreaterThan(1);
    expect(started.indexOf("b")).toBeLessThan(started.lastIndexOf("a"));
    expect([...result.succeeded].sort()).toEqual(["a", "b", "c"]);
  });

  test("is skipped when all stops", async () => {
    let isStopped = false;
    const result = await schedule([item("a")], {
      ...plain,
      limit: 1,
      isStopped: () => isStopped,
      pause: async () => void (isStopped = true),
      run: async () => "later",
    });
    expect(result).toMatchObject({ succeeded: [], failed: [], skipped: ["a"] });
  });
});

test("what is to be alone waits for all, and all wait for it", async () => {
  const items = ["a", "b", "c", "d", "e", "f"].map((name) => item(name));
  const started: string[] = [];
  const running = new Set<string>();
  const beside = new Set<string>();
  const result = await schedule(items, {
    ...plain,
    limit: 3,
    run: async (name) => {
      started.push(name);
      running.add(name);
      const isAgain = started.filter((each) => each === "b").length === 2;
      for (let turn = 0; turn < (name === "b" && !isAgain ? 2 : 30); turn += 1) {
        await Promise.resolve();
        if (name === "b" && isAgain) for (const each of running) beside.add(each);
      }
      running.delete(name);
      return name === "b" && !isAgain ? "again-alone" : true;
    },
  });
  expect(started).toEqual(["a", "b", "c", "b", "d", "e", "f"]);
  expect(beside).toEqual(new Set(["b"]));
  expect([...result.succeeded].sort()).toEqual(["a", "b", "c", "d", "e", "f"]);
});

describe("what is held back", () => {
  test("starts when nothing else runs, however large it is; smaller ones pass it", async () => {
    const started: string[] = [];
    const asked: string[][] = [];
    const result = await schedule([{ ...item("big"), expectedMs: 9 }, item("a"), item("b")], {
      ...plain,
      limit: 2,
      mayStart: (name, running) => {
        asked.push([name, ...running]);
        return name !== "big" && !running.includes("big");
      },
      run: async (name) => started.push(name) > 0,
    });
    expect(started).toEqual(["big", "a", "b"]);
    expect(asked[0]).toEqual(["a", "big"]);
    expect(result.succeeded).toHaveLength(3);
  });

  test("is asked again after a pause, while the others still run", async () => {
    let isFree = false;
    let end = (): void => {};
    const long = new Promise<void>((resolve) => (end = resolve));
    const result = await schedule([{ ...item("long"), expectedMs: 9 }, item("next")], {
      ...plain,
      limit: 2,
      mayStart: () => isFree,
      pause: async () => void (isFree = true),
      run: async (name) => {
        if (name === "long") await long;
        else end();
        return true;
      },
    });
    expect(result.succeeded).toEqual(["next", "long"]);
  });
});

test("a chain of 10,000 items, given from its end", async () => {
  const chain = Array.from({ length: 10_000 }, (_, index) =>
    item(`p${index}`, ...(index === 0 ? [] : [`p${index - 1}`])),
  );
  const started: string[] = [];
  const result = await schedule(chain.toReversed(), {
    ...plain,
    limit: 8,
    ...plain,
    run: async (name) => started.push(name) > 0,
  });
  expect(started).toEqual(chain.map(({ name }) => name));
  expect(result.succeeded).toHaveLength(10_000);
});

test("150,000 items that wait for one", async () => {
  const items = Array.from({ length: 150_000 }, (_, index) => item(`p${index}`, "root"));
  const { result } = await run([item("root"), ...items], {
    run: async () => false,
  });
  expect(result.blocked.size).toBe(150_000);
});

test("what is built elsewhere has a limit of its own and counts as no job", async () => {
  const away = (name: string, ...needs: string[]): WorkItem => ({ name, needs, lane: "away" });
  const items = [away("w1"), away("w2"), away("w3"), item("a"), item("b"), away("w4", "a")];
  const now = { away: 0, job: 0 };
  const most = { away: 0, job: 0 };
  const seen: number[] = [];
  const result = await schedule(items, {
    ...plain,
    limit: 1,
    awayLimit: 2,
    run: async (name, running) => {
      const lane = name.startsWith("w") ? "away" : "job";
      most[lane] = Math.max(most[lane], (now[lane] += 1));
      if (lane === "job") seen.push(running);
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
      now[lane] -= 1;
      return true;
    },
  });
  expect(most).toEqual({ away: 2, job: 1 });
  expect(seen).toEqual([1, 1]);
  expect(result.succeeded.toSorted()).toEqual(["a", "b", "w1", "w2", "w3", "w4"]);
});
