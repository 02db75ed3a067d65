/** The logs of a package's builds: of the last run that has some, of another, and as they come. */
import { expect, test } from "vitest";
import type { EventBody } from "../../src/core/index.ts";
import { findLogs, followLog, type LogOptions } from "../../src/workspace/log.ts";
import { createSimulatedDisk, createSimulatedWorld } from "../../src/world/simulated/index.ts";
import { directory, openWorkspace, optionsFor } from "./workspace.ts";

const runs = `${directory}/.tenon/runs`;

function machineWith(files: Readonly<Record<string, string>>) {
  const disk = createSimulatedDisk();
  openWorkspace({ lib: {}, app: { run: ["lib"] } }, disk);
  disk.plant(runs, files);
  const world = createSimulatedWorld({ disk });
  const optionsOf = (name: string, more: Partial<LogOptions> = {}): LogOptions => ({
    ...optionsFor([]),
    package: name,
    ...more,
  });
  return {
    disk,
    world,
    find: (name: string, more?: Partial<LogOptions>) =>
      findLogs(world, optionsOf(name, more)).map(({ file }) => file.slice(runs.length + 1)),
    follow: (name: string, more?: Partial<LogOptions>) => followLog(world, optionsOf(name, more)),
  };
}

const twoRuns = {
  "1/lib/1-source.log": "old source",
  "1/lib/10-stage.log": "old stage",
  "1/lib/2-build.log": "old build",
  "2/lib/1-source.log": "new source",
  "3/app/1-source.log": "app",
};

test("of the newest run that has some, in the order of the steps", () => {
  const { find } = machineWith(twoRuns);
  expect(find("lib")).toEqual(["2/lib/1-source.log"]);
  expect(find("lib", { run: "1" })).toEqual([
    "1/lib/1-source.log",
    "1/lib/2-build.log",
    "1/lib/10-stage.log",
  ]);
  expect(find("lib", { run: "1", step: "build" })).toEqual(["1/lib/2-build.log"]);
});

test.each<[string, string, Partial<LogOptions>, object]>([
  [
    "a step",
    "lib",
    { run: "1", step: "biuld" },
    { code: "NO_STEP", hints: ["Did you mean build?"] },
  ],
  ["a run", "lib", { run: "9" }, { code: "NO_LOG", message: "lib has no log of the run 9" }],
  ["a package", "lob", {}, { hints: ["Did you mean lib?"] }],
])("%s that there is not is refused", (_what, name, options, refusal) => {
  expect(() => machineWith(twoRuns).find(name, options)).toThrow(expect.objectContaining(refusal));
});

test("what was never built has none", () => {
  expect(() => machineWith({}).find("lib")).toThrow(expect.objectContaining({ code: "NO_LOG" }));
});

test("where nothing runs, following it is reading it", async () => {
  const { follow } = machineWith(twoRuns);
  expect(await textOf(follow("lib"))).toBe("new source");
});

const graph: EventBody = {
  kind: "graph",
  packages: ["lib", "app"].map((name) => ({
    name,
    version: "1.0",
    system: "make",
    needs: [],
    upToDate: false,
  })),
};
const finished = (name: string): EventBody => ({
  kind: "build-finished",
  package: name,
  version: "1.0",
  result: "built",
  durationMs: 1,
});

/** A run that another process is at, which does one thing more each time that one waits for it. */
function running() {
  const machine = machineWith({ "1/events.jsonl": "", "1/lib/1-build.log": "" });
  const other = machine.disk.asProcess("other");
  const lock = other.tryLock(`${runs}/1/running`);
  const append = (file: string, text: string): void => {
    const writer = other.openWriter(`${runs}/1/${file}`, { append: true });
    writer.write(Buffer.from(text));
    writer.close();
  };
  const say = (event: EventBody): void =>
    append("events.jsonl", `${JSON.stringify({ atMs: 1, ...event })}\n`);
  const queue: (() => void)[] = [];
  Object.assign(machine.world.clock, { sleep: async () => queue.shift()?.() });
  return { ...machine, queue, append, say, die: () => lock?.release() };
}

test("what comes is given as it comes, until the package's build has ended", async () => {
  const { queue, append, say, follow } = running();
  queue.push(
    () => say(graph),
    () => append("lib/1-build.log", "one\n"),
    () => say(finished("app")),
    () => append("lib/2-stage.log", "two\n"),
    () => {
      append("lib/2-stage.log", "three\n");
      say(finished("lib"));
    },
    () => append("lib/2-stage.log", "not of this build\n"),
  );
  expect(await textOf(follow("lib"))).toBe("one\ntwo\nthree\n");
  expect(queue).toHaveLength(1);
});

test("of one step, nothing of the others", async () => {
  const { queue, append, say, follow } = running();
  queue.push(
    () => append("lib/1-build.log", "one\n"),
    () => append("lib/2-stage.log", "two\n"),
    () => say(finished("lib")),
  );
  expect(await textOf(follow("lib", { step: "stage" }))).toBe("two\n");
});

test("a run that is killed tells no end, and is at its end", async () => {
  const { queue, append, die, follow } = running();
  queue.push(() => append("lib/1-build.log", "half a li"), die);
  expect(await textOf(follow("lib"))).toBe("half a li");
});

test("an interruption ends it, with what was there", async () => {
  const interruption = new AbortController();
  const { queue, append, follow } = running();
  queue.push(
    () => append("lib/1-build.log", "one\n"),
    () => interruption.abort(),
  );
  expect(await textOf(follow("lib", { signal: interruption.signal }))).toBe("one\n");
});

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  let text = "";
  for await (const chunk of chunks) text += Buffer.from(chunk).toString();
  return text;
}
