/** The pool of job tokens, with packages whose programs are simulated. */
import { beforeEach, expect, test } from "vitest";
import {
  callersTokens,
  createTokenPool,
  ownTokens,
  type PackageTokens,
  type TokenPool,
} from "../../src/tokens/index.ts";
import { type Jobserver } from "../../src/world/index.ts";
import {
  createSimulatedCaller,
  createSimulatedWorld,
  type SimulatedJobserver,
  type SimulatedWorld,
} from "../../src/world/simulated/index.ts";

let world: SimulatedWorld;
let told: [string, number][];
let lost: [string, number][];
beforeEach(() => {
  world = createSimulatedWorld({ clock: { autoAdvance: false } });
  told = [];
  lost = [];
});

function poolOf(source: ReturnType<typeof ownTokens>, jobs: number): TokenPool {
  return createTokenPool({
    source,
    jobs,
    processes: world.processes,
    clock: world.clock,
    onHeld: (name, held) => told.push([name, held]),
    onLost: (name, count) => lost.push([name, count]),
  });
}

interface Running {
  readonly pipes: SimulatedJobserver;
  /** Its program ends. */
  end(): Promise<void>;
  /** And the package is done. */
  leave(): Promise<void>;
}

/** A package of which a program runs. */
async function run(pool: TokenPool, name: string): Promise<Running> {
  return runAdmitted(await pool.admit(name), name);
}

function runAdmitted(tokens: PackageTokens, name: string): Running {
  let endProgram = (): void => {};
  const program = new Promise<void>((resolve) => (endProgram = resolve));
  const ended = tokens.during(`/${name}`, (_jobserver: Jobserver) => program);
  const end = async (): Promise<void> => {
    endProgram();
    await ended;
  };
  return {
    pipes: world.processes.jobservers.get(`/${name}`) as SimulatedJobserver,
    end,
    leave: async () => {
      await end();
      tokens.leave();
    },
  };
}

/** Time goes by in steps that are shorter than any that the pool takes. */
async function pass(ms: number, each: () => void = () => {}): Promise<void> {
  for (let passed = 0; passed < ms; passed += 4) {
    world.clock.advance(4);
    each();
    await Promise.resolve();
  }
}

test("a package that is alone has all tokens but the one that it runs with", async () => {
  const one = await run(poolOf(ownTokens(4), 4), "one");
  expect(one.pipes.unread()).toBe(3);
});

test("a package that may run no more than three jobs has two tokens, whatever it takes", async () => {
  const pool = poolOf(ownTokens(8), 8);
  const tokens = await pool.admit("one", 3);
  expect(tokens.jobs).toBe(3);
  const one = runAdmitted(tokens, "one");
  expect(one.pipes.unread()).toBe(2);
  one.pipes.take(2);
  await pass(1000);
  expect(one.pipes.unread()).toBe(0);
  const two = await run(pool, "two");
  expect(two.pipes.unread()).toBe(4);
});

test("what comes again, for its check, is told again", async () => {
  const pool = poolOf(ownTokens(2), 2);
  (await pool.admit("one")).leave();
  await pool.admit("one");
  expect(told).toEqual([
    ["one", 1],
    ["one", 1],
  ]);
});

test("as many packages run as there are tokens, and then one for each that is done", async () => {
  const pool = poolOf(ownTokens(2), 2);
  const one = await run(pool, "one");
  await run(pool, "two");
  expect(one.pipes.unread()).toBe(0);
  let isAdmitted = false;
  const third = pool.admit("three").then(() => (isAdmitted = true));
  await pass(1000);
  expect(isAdmitted).toBe(false);
  await one.leave();
  await third;
});

test("a package that is to begin takes what lies unread with another at once", async () => {
  const pool = poolOf(ownTokens(2), 2);
  const one = await run(pool, "one");
  expect(one.pipes.unread()).toBe(1);
  await run(pool, "two");
  expect(one.pipes.unread()).toBe(0);
});

test("a package that is to begin comes before another job of one that runs", async () => {
  const pool = poolOf(ownTokens(3), 3);
  const one = await run(pool, "one");
  one.pipes.take(2);
  const second = pool.admit("two");
  await pass(20);
  expect(told.at(-1)).toEqual(["two", 0]);
  one.pipes.giveBack(1);
  await second;
  expect(one.pipes.unread()).toBe(0);
  one.pipes.giveBack(1);
  expect(one.pipes.unread()).toBe(1);
});

test("it also gets what a program gives back to the FIFO itself, as ninja does", async () => {
  const pool = poolOf(ownTokens(2), 2);
  const one = await run(pool, "one");
  one.pipes.take(1);
  const second = pool.admit("two");
  await pass(200);
  one.pipes.giveBackSilently(1, "fifo");
  await pass(120);
  await second;
});

test("tokens move from a package that lets them lie to one that takes them", async () => {
  const pool = poolOf(ownTokens(8), 8);
  const lazy = await run(pool, "lazy");
  const busy = await run(pool, "busy");
  expect(lazy.pipes.unread() + busy.pipes.unread()).toBe(6);
  let taken = 0;
  await pass(400, () => (taken += busy.pipes.take(9)));
  // One may lie with the lazy package, while it is found out whether it wants some by now.
  expect(taken).toBeGreaterThanOrEqual(5);
});

test("a package that let tokens lie gets some again when it begins to take them", async () => {
  const pool = poolOf(ownTokens(4), 4);
  const late = await run(pool, "late");
  const early = await run(pool, "early");
  await pass(400, () => early.pipes.take(9));
  let taken = 0;
  for (let rule = 0; rule < 40; rule += 1) {
    early.pipes.giveBack(1);
    await pass(40, () => {
      taken += late.pipes.take(9);
      early.pipes.take(9);
    });
  }
  expect(taken).toBe(1); // two for one and one for the other, besides those that they run with
});

test("what nobody takes is tried with one after the other", async () => {
  const pool = poolOf(ownTokens(3), 3);
  const one = await run(pool, "one");
  const two = await run(pool, "two");
  for (let turn = 0; turn < 10; turn += 1) {
    let had = 0;
    const { pipes } = turn % 2 === 0 ? one : two;
    await pass(240, () => (had = Math.max(had, pipes.unread())));
    expect(had).toBe(1);
  }
});

test("one that has all shares them with another one that takes what it gets", async () => {
  const pool = poolOf(ownTokens(10), 10);
  const one = await run(pool, "one");
  one.pipes.take(9);
  const second = run(pool, "two");
  let [ones, twos] = [9, 0];
  for (let rule = 0; rule < 20; rule += 1) {
    one.pipes.giveBack(1);
    const two = await second;
    ones += one.pipes.take(9) - 1;
    twos += two.pipes.take(9);
    await pass(20);
  }
  expect([ones, twos]).toEqual([4, 4]);
});

test("what programs did not give back comes home when they have ended, and is told", async () => {
  const pool = poolOf(ownTokens(4), 4);
  const one = await run(pool, "one");
  one.pipes.take(3);
  one.pipes.giveBackSilently(1, "returns");
  await one.leave();
  expect(lost).toEqual([["one", 2]]);
  expect(one.pipes.isOpen).toBe(false);
  const two = await run(pool, "two");
  expect(two.pipes.unread()).toBe(3);
});

test("a program that fails gives all back as well", async () => {
  const pool = poolOf(ownTokens(2), 2);
  const tokens = await pool.admit("one");
  await expect(tokens.during("/one", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  tokens.leave();
  expect((await run(pool, "two")).pipes.unread()).toBe(1);
});

test("what is given back beyond what was taken makes no job more", async () => {
  const pool = poolOf(ownTokens(3), 3);
  const one = await run(pool, "one");
  one.pipes.giveBack(5);
  expect(one.pipes.unread()).toBe(2);
  one.pipes.giveBackSilently(5, "fifo");
  await pass(300);
  expect(one.pipes.unread()).toBe(2);
  await one.leave();
  expect((await run(pool, "two")).pipes.unread()).toBe(2);
  expect(lost).toEqual([]);
});

test("what was taken and given back between two looks is not lost meanwhile", async () => {
  const pool = poolOf(ownTokens(3), 3);
  const one = await run(pool, "one");
  one.pipes.take(2);
  one.pipes.giveBack(2);
  expect(one.pipes.unread()).toBe(2);
});

test("it is told how many jobs each package runs, but not each change of a moment", async () => {
  const pool = poolOf(ownTokens(4), 4);
  const one = await run(pool, "one");
  await run(pool, "two");
  for (let flicker = 0; flicker < 20; flicker += 1) {
    one.pipes.take(1);
    await pass(16);
    one.pipes.giveBack(1);
    await pass(16);
  }
  one.pipes.take(1);
  await pass(600);
  const held = told.filter(([name]) => name === "one").map(([, count]) => count);
  expect(held.length).toBeLessThan(6);
  expect([held.at(0), held.at(-1)]).toEqual([1, 2]);
  await one.end();
  expect(told.at(-1)).toEqual(["one", 1]);
});

test("nobody looks while there is nothing to share out", async () => {
  const pool = poolOf(ownTokens(2), 2);
  await run(pool, "one");
  const two = await run(pool, "two");
  let looks = 0;
  const { unread } = two.pipes;
  two.pipes.unread = () => {
    looks += 1;
    return unread();
  };
  await pass(2000);
  expect(looks).toBe(0);
});

test("of the tokens of a make that started us, only those are kept that are taken", async () => {
  const make = createSimulatedCaller(3);
  const pool = poolOf(callersTokens(make, 4), 4);
  const one = await run(pool, "one");
  await pass(60);
  expect([make.tokens, one.pipes.unread()]).toEqual([3, 0]);
  let taken = 0;
  await pass(2000, () => (taken += one.pipes.take(1)));
  expect([taken, make.tokens]).toEqual([3, 0]);
  await one.leave();
  expect(make.tokens).toBe(3);
});

test("with none from that make, one package after the other runs", async () => {
  const make = createSimulatedCaller(0);
  const pool = poolOf(callersTokens(make, 4), 4);
  const one = await run(pool, "one");
  let isAdmitted = false;
  const second = pool.admit("two").then((tokens) => {
    isAdmitted = true;
    return tokens;
  });
  await pass(300);
  expect(isAdmitted).toBe(false);
  make.tokens = 1;
  await pass(120);
  expect(isAdmitted).toBe(true);
  runAdmitted(await second, "two");
  await one.leave();
  await pass(60);
  expect(make.tokens).toBe(1);
});
