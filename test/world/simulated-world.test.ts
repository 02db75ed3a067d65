/** The simulated Clock, Processes and Network, and the World that holds them. */
import { describe, expect, test } from "vitest";
import { NetworkError, readText, type Response } from "../../src/world/index.ts";
import {
  createSimulatedClock,
  createSimulatedNetwork,
  createSimulatedProcesses,
  createSimulatedWorld,
} from "../../src/world/simulated/index.ts";

describe("the clock", () => {
  test("moves on while someone sleeps", async () => {
    const clock = createSimulatedClock({ startMs: 1000 });
    await clock.sleep(250);
    expect([clock.now(), clock.monotonicMs()]).toEqual([1250, 250]);
  });

  test("can wait to be moved, and wakes sleepers in the order of their times", async () => {
    const clock = createSimulatedClock({ startMs: 0, autoAdvance: false });
    const woken: string[] = [];
    const sleepers = [20, 10, 99].map((ms) => clock.sleep(ms).then(() => woken.push(`${ms}`)));
    clock.advance(9);
    await Promise.resolve();
    expect(woken).toEqual([]);
    clock.advance(11);
    await Promise.all(sleepers.slice(0, 2));
    expect(woken).toEqual(["10", "20"]);
    expect(clock.now()).toBe(20);
  });

  test("gives ids of 16 hex digits that repeat with the seed only", () => {
    const [first, again, other] = [1, 1, 2].map((seed) => createSimulatedClock({ seed }));
    const ids = [first?.uniqueId(), first?.uniqueId(), other?.uniqueId()];
    expect(again?.uniqueId()).toBe(ids[0]);
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe("processes", () => {
  const command = { program: "make", args: ["all"] };

  test("are missing without an answer", async () => {
    const processes = createSimulatedProcesses();
    expect(await processes.run(command)).toEqual({
      kind: "missing",
      program: "make",
      reason: "ENOENT",
    });
    expect(processes.calls).toEqual([command]);
  });

  test("answer with an outcome, or with what they print too", async () => {
    const processes = createSimulatedProcesses({
      answer: ({ args }) =>
        args[0] === "all"
          ? { kind: "exited", code: 2 }
          : { outcome: { kind: "exited", code: 0 }, stdout: "out", stderr: "err" },
    });
    const silent = { outcome: { kind: "exited", code: 2 }, stdout: "", stderr: "" };
    expect(await processes.capture(command)).toEqual(silent);
    expect(await processes.capture({ ...command, args: [] })).toMatchObject({ stdout: "out" });
  });

  test("append what they print to the log file on the simulated disk", async () => {
    const world = createSimulatedWorld({
      answer: () => ({ outcome: { kind: "exited", code: 0 }, stdout: "out\n", stderr: "err\n" }),
    });
    world.disk.createFile("/log", "before\n");
    await world.processes.run({ ...command, logFile: "/log" });
    expect(readText(world.disk, "/log")).toBe("before\nout\nerr\n");
  });

  test("are killed when they are aborted, even if they never answer", async () => {
    const processes = createSimulatedProcesses({ answer: () => new Promise(() => {}) });
    const controller = new AbortController();
    const running = processes.run({ ...command, signal: controller.signal });
    controller.abort();
    const killed = { kind: "killed", signal: "SIGKILL" };
    expect(await running).toEqual(killed);
    expect(await processes.run({ ...command, signal: controller.signal })).toEqual(killed);
  });
});

async function read(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe("the network", () => {
  test("answers from a table, follows redirects, and says 404 to the rest", async () => {
    const network = createSimulatedNetwork({
      "https://site/a": "text",
      "https://site/b": { status: 302, headers: { Location: "/a" } },
      "https://site/c": { status: 302, headers: { location: "c" } },
    });
    const response = await network.request("https://site/b", { headers: { Accept: "x" } });
    expect(response).toMatchObject({ status: 200, url: "https://site/a" });
    expect(response.headers).toEqual({ "content-length": "4" });
    expect(await read(response)).toBe("text");
    expect((await network.request("https://site/none")).status).toBe(404);
    await expect(network.request("https://site/c")).rejects.toThrow("too many redirects");
    expect(network.requests.slice(0, 2)).toEqual([
      { url: "https://site/b", method: "GET", headers: { accept: "x" }, body: new Uint8Array() },
      { url: "https://site/a", method: "GET", headers: { accept: "x" }, body: new Uint8Array() },
    ]);
  });

  test("breaks and stalls after as many bytes as are planned", async () => {
    const network = createSimulatedNetwork(({ url }) => ({
      body: "0123456789",
      ...(url.endsWith("breaks") ? { breakAfterBytes: 4 } : { stallAfterBytes: 0 }),
    }));
    const got: Uint8Array[] = [];
    const reading = async (): Promise<void> => {
      for await (const chunk of (await network.request("https://site/breaks")).body)
        got.push(chunk);
    };
    await expect(reading()).rejects.toThrow(NetworkError);
    expect(Buffer.concat(got).toString()).toBe("0123");
    const stalled = read(await network.request("https://site/stalls"));
    await expect(stalled).rejects.toThrow("the transfer stalled");
  });

  test("fails without an answer when that is planned, and when it is aborted", async () => {
    const network = createSimulatedNetwork({ "https://site/a": { failure: "no such host" } });
    await expect(network.request("https://site/a")).rejects.toThrow("https://site/a: no such host");
    const signal = AbortSignal.abort();
    await expect(network.request("https://site/b", { signal })).rejects.toThrow(NetworkError);
  });

  test("honours ranges where the site does", async () => {
    const network = createSimulatedNetwork({
      "https://site/yes": { body: "0123456789", ranges: true },
      "https://site/no": "0123456789",
    });
    const from = (at: number): { headers: Record<string, string> } => ({
      headers: { Range: `bytes=${at}-` },
    });
    const part = await network.request("https://site/yes", from(7));
    expect(part).toMatchObject({ status: 206, headers: { "content-range": "bytes 7-9/10" } });
    expect(await read(part)).toBe("789");
    const past = await network.request("https://site/yes", from(10));
    expect(past).toMatchObject({ status: 416, headers: { "content-range": "bytes */10" } });
    expect((await network.request("https://site/no", from(7))).status).toBe(200);
  });
});

describe("the world", () => {
  test("gives each process of a machine its own ids", () => {
    const first = createSimulatedWorld();
    const second = createSimulatedWorld({ disk: first.disk.asProcess("second") });
    const third = createSimulatedWorld({ disk: first.disk.crash() });
    const worlds = [first, second, third];
    expect(new Set(worlds.map(({ clock }) => clock.uniqueId())).size).toBe(3);
    expect(new Set(worlds.map(({ processes }) => processes.ownId)).size).toBe(3);
  });

  test("takes a clock to share and facts to change", () => {
    const clock = createSimulatedClock({ startMs: 5 });
    const world = createSimulatedWorld({ clock, machine: { processors: 64 } });
    expect(world.clock).toBe(clock);
    expect(world.machine).toMatchObject({ processors: 64, userId: 1000 });
  });
});
