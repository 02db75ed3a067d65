/** Actions by a server of the Remote Execution API: what it is given and asked, and what its answers mean. */
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { beforeEach, expect, test } from "vitest";
import { digestOf } from "../../src/core/index.ts";
import { actionText } from "../../src/execution/action.ts";
import type { Launcher, WorkState } from "../../src/execution/launcher.ts";
import { reapiCommand, reapiLauncher } from "../../src/execution/reapi.ts";
import type { Execution as Settings } from "../../src/recipe/index.ts";
import {
  type Operation,
  Operations,
  OperationSchema,
} from "../../src/reapi/protocol/long-running_pb.ts";
import {
  ActionSchema,
  CommandSchema,
  DirectorySchema,
  ExecuteOperationMetadataSchema,
  type ExecuteRequest,
  ExecuteResponseSchema,
  Execution,
  ExecutionStageValue,
  TreeSchema,
} from "../../src/reapi/protocol/remote-execution_pb.ts";
import { PreconditionFailureSchema } from "../../src/reapi/protocol/status_pb.ts";
import { createSimulatedWorld, type SimulatedWorld } from "../../src/world/simulated/index.ts";
import { createFakeServer, type FakeServer, unavailable } from "../reapi/fake-server.ts";

const settings: Settings = {
  system: "reapi",
  place: "reapi://user:secret@cluster.test:8980/main",
  jobs: 2,
  atOnce: 2,
  arguments: [],
  command: [],
  platform: { "OS-family": "linux", Arch: "x86" },
  timeoutMs: 90_000,
  node: "node",
  workerStore: "/local/tenon",
  shortestMs: 0,
};
const patch = digestOf("a patch");
const pack = digestOf("an artifact");
const machine = { architecture: "x64", compiler: undefined, python: undefined, isolated: true };
const action = actionText({
  format: 1,
  kind: "build",
  machine,
  path: ["/usr/local/bin", "/usr/bin"],
  recipe: { name: "zlib" } as never,
  patches: [{ name: "fix.patch", sha256: patch }],
  layers: [{ package: "libm", artifact: pack }],
  jobs: 2,
  isBuiltWith: true,
  workspaceEnv: {},
});
const work = {
  name: "zlib",
  argv: reapiCommand(settings),
  action: "/w/actions/a",
  results: "/w/actions/a/attempts/1",
  logFile: "/w/actions/a/attempts/1/worker.log",
  jobs: 2,
};

/** What a server streams, one call after the other; an error ends the stream, and `wait` waits until it is ended. */
type Answer = Operation | ConnectError | "wait";

let fake: FakeServer;
let world: SimulatedWorld;
let plan: Answer[][];
let executed: ExecuteRequest[];
let waited: string[];
let cancelled: string[];
let silences: string[];

beforeEach(() => {
  [plan, executed, waited, cancelled, silences] = [[], [], [], [], []];
  fake = createFakeServer((router, _, note) => {
    const stream = async function* (signal: AbortSignal): AsyncGenerator<Operation> {
      for (const answer of plan.shift() ?? []) {
        if (answer instanceof ConnectError) throw answer;
        if (answer !== "wait") yield answer;
        else await new Promise((resolve) => signal.addEventListener("abort", resolve));
      }
    };
    router.service(Execution, {
      execute: (request, { signal }) => {
        note("Execute");
        executed.push(request);
        return stream(signal);
      },
      waitExecution: ({ name }, { signal }) => {
        waited.push(name);
        return stream(signal);
      },
    });
    router.service(Operations, {
      cancelOperation: ({ name }) => {
        cancelled.push(name);
        return {};
      },
    });
  });
  world = createSimulatedWorld({ services: fake.transport });
  world.disk.plant("/w", {
    "actions/a/action.json": action,
    "actions/b/attempts/none": "",
    [`blobs/${patch}`]: "a patch",
    [`blobs/${pack}.pack`]: "a pack",
    "program/1/dist/tenon.js": "the program",
    "program/1/package.json": "{}",
  });
});

const launcher = (): Launcher =>
  reapiLauncher({
    world,
    settings,
    blobs: "/w/blobs",
    program: () => "/w/program/1",
    onSilent: (said) => silences.push(said),
  });

async function endOf(from: Launcher, id: string): Promise<WorkState> {
  for (let tries = 0; tries < 1000; tries += 1) {
    const state = await from.stateOf(id);
    if (state.kind === "ended") return state;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error("it does not end");
}

async function run(...answers: Answer[][]): Promise<WorkState> {
  plan = answers;
  const own = launcher();
  return endOf(own, await own.launch(work));
}

const wire = (content: Uint8Array) => ({
  hash: digestOf(content),
  sizeBytes: BigInt(content.length),
});

function keep(content: Uint8Array) {
  fake.blobs.set(digestOf(content), content);
  return wire(content);
}

const ready = '{"host":"h","kind":"ready"}';
const begun = (stage = ExecutionStageValue.EXECUTION_STAGE_EXECUTING): Operation =>
  create(OperationSchema, {
    name: "operations/7",
    metadata: anyPack(
      ExecuteOperationMetadataSchema,
      create(ExecuteOperationMetadataSchema, { stage }),
    ),
  });

/** Of a worker that has left these files, `logs/` among them. */
function done(files: Record<string, string>): Operation {
  const nodes = (inLogs: boolean) =>
    Object.entries(files)
      .filter(([name]) => name.startsWith("logs/") === inLogs)
      .map(([name, text]) => ({
        name: name.replace("logs/", ""),
        digest: keep(Buffer.from(text)),
      }));
  const logs = create(DirectorySchema, { files: nodes(true) });
  const directories = [{ name: "logs", digest: wire(toBinary(DirectorySchema, logs)) }];
  const root = { files: nodes(false), directories };
  const tree = toBinary(TreeSchema, create(TreeSchema, { root, children: [logs] }));
  return answered({
    result: {
      exitCode: 3,
      stderrRaw: Buffer.from("it spoke"),
      outputDirectories: [{ path: "results", treeDigest: keep(tree) }],
    },
  });
}

function answered(response: object): Operation {
  const value = anyPack(ExecuteResponseSchema, create(ExecuteResponseSchema, response));
  return create(OperationSchema, {
    name: "operations/7",
    done: true,
    result: { case: "response", value },
  });
}

const missing = () => {
  const type = "MISSING";
  const failure = create(PreconditionFailureSchema, { violations: [{ type, subject: "blobs/x" }] });
  const details = [anyPack(PreconditionFailureSchema, failure)];
  return answered({ status: { code: Code.FailedPrecondition, message: "no blob", details } });
};

test("an action is given with all that it names, to the workers that are meant, and nothing of it is cached", async () => {
  expect(await run([begun(), done({ "outcome.json": ready })])).toMatchObject({ how: "done" });
  const [request] = executed;
  expect(request).toMatchObject({ instanceName: "main", skipCacheLookup: true });
  const read = (digest: { hash: string } | undefined) => {
    const content = fake.blobs.get(digest?.hash ?? "");
    if (content === undefined) throw new Error("it was not brought");
    return content;
  };
  const given = fromBinary(ActionSchema, read(request?.actionDigest));
  expect(given).toMatchObject({ doNotCache: true, timeout: { seconds: 90n } });
  expect(given.platform?.properties.map(({ name, value }) => [name, value])).toEqual([
    ["Arch", "x86"],
    ["OS-family", "linux"],
  ]);
  const command = fromBinary(CommandSchema, read(given.commandDigest));
  expect(command.arguments.join(" ")).toBe(
    "/usr/bin/env node program/dist/tenon.js execute action --blobs blobs --results results --store /local/tenon",
  );
  expect(command).toMatchObject({ outputPaths: ["results"], platform: { properties: [{}, {}] } });
  expect(command.environmentVariables).toMatchObject([
    { name: "PATH", value: "/usr/local/bin:/usr/bin" },
  ]);
  const list = (digest: { hash: string } | undefined, prefix: string): string[] => {
    const { files, directories } = fromBinary(DirectorySchema, read(digest));
    return [
      ...files.map(
        ({ name, digest: of }) => `${prefix}${name}: ${Buffer.from(read(of)).toString()}`,
      ),
      ...directories.flatMap(({ name, digest: of }) => list(of, `${prefix}${name}/`)),
    ];
  };
  expect(list(given.inputRootDigest, "").toSorted()).toEqual(
    [
      `action/action.json: ${action}`,
      `blobs/${patch}: a patch`,
      `blobs/${pack}.pack: a pack`,
      "program/dist/tenon.js: the program",
      "program/package.json: {}",
    ].toSorted(),
  );
});

test("what a worker has left comes into the attempt, and nothing else of it", async () => {
  const files = {
    "outcome.json": ready,
    "artifact.pack": "packed",
    "events.jsonl": "{}\n",
    "logs/2-make.log": "made",
    "logs/profile": "no log",
    id: "another",
  };
  expect(await run([done(files)])).toMatchObject({ how: "done" });
  const { disk } = world;
  const names = disk.list(work.results).map(({ name }) => name);
  expect(names.toSorted()).toEqual(
    ["artifact.pack", "events.jsonl", "logs", "outcome.json", "worker.log"].toSorted(),
  );
  expect(disk.list(`${work.results}/logs`).map(({ name }) => name)).toEqual(["2-make.log"]);
  expect(Buffer.from(disk.readFile(`${work.results}/artifact.pack`)).toString()).toBe("packed");
});

test("a worker that leaves no outcome is lost, and what it printed is kept", async () => {
  expect(await run([done({})])).toMatchObject({ how: "lost", words: "has ended with exit code 3" });
  expect(Buffer.from(world.disk.readFile(work.logFile)).toString()).toBe("it spoke");
});

test("a result that was damaged on its way is lost", async () => {
  const answer = done({ "outcome.json": ready });
  fake.blobs.set(digestOf(ready), Buffer.from(ready.replace("ready", "never")));
  expect(await run([answer])).toMatchObject({ how: "lost" });
  expect(world.disk.list(work.results).map(({ name }) => name)).not.toContain("outcome.json");
});

test("a stream that is lost is taken up again, and is told of", async () => {
  const answers = [
    [begun(), unavailable()],
    [unavailable()],
    [],
    [done({ "outcome.json": ready })],
  ];
  expect(await run(...answers)).toMatchObject({ how: "done" });
  expect([executed.length, waited]).toEqual([1, ["operations/7", "operations/7", "operations/7"]]);
  expect(silences).toHaveLength(1);
});

test("a server that was started anew and knows nothing of it executes it again", async () => {
  const forgotten = new ConnectError("no such operation", Code.NotFound);
  const answers = [[begun(), unavailable()], [forgotten], [done({ "outcome.json": ready })]];
  expect(await run(...answers)).toMatchObject({ how: "done" });
  expect([executed.length, waited.length]).toEqual([2, 1]);
});

test("a server that does not answer for a quarter of an hour is given up", async () => {
  const startMs = world.clock.monotonicMs();
  const silent = Array.from({ length: 1000 }, () => [unavailable()]);
  expect(await run(...silent)).toMatchObject({
    how: "given-up",
    words: expect.stringContaining("reapi://cluster.test:8980/main cannot be reached"),
  });
  const minutes = (world.clock.monotonicMs() - startMs) / 60_000;
  expect(minutes).toBeGreaterThan(15);
  expect(minutes).toBeLessThan(16);
});

test("blobs that the server has removed are brought again, three times at most", async () => {
  const remove = () => {
    fake.fail = (call) => {
      if (call === "Execute" && plan.length > 1) fake.blobs.delete(patch);
      return undefined;
    };
  };
  remove();
  expect(await run([missing()], [missing()], [done({ "outcome.json": ready })])).toMatchObject({
    how: "done",
  });
  expect(fake.blobs.has(patch)).toBe(true);
  expect(await run([missing()], [missing()], [missing()])).toMatchObject({ how: "given-up" });
  expect(executed).toHaveLength(6);
});

test.each([
  ["a worker that the server has lost", Code.Internal, "lost"],
  ["a server with too much to do", Code.ResourceExhausted, "lost"],
  ["workers that there are none of", Code.FailedPrecondition, "given-up"],
  ["an action whose time is up", Code.DeadlineExceeded, "given-up"],
  ["a client that may not", Code.PermissionDenied, "given-up"],
])("%s: code %i is %s", async (_, code, how) => {
  const said = { status: { code, message: "so it is" } };
  expect(await run([answered(said)])).toMatchObject({
    how,
    words: expect.stringContaining("so it is"),
  });
});

test("it waits, then runs; an interruption tells the server", async () => {
  plan = [[begun(ExecutionStageValue.EXECUTION_STAGE_QUEUED), begun(), "wait"]];
  const own = launcher();
  const id = await own.launch(work);
  expect(await own.stateOf(id)).toEqual({ kind: "waiting" });
  while ((await own.stateOf(id)).kind === "waiting")
    await new Promise((resolve) => setImmediate(resolve));
  expect(await own.stateOf(id)).toEqual({ kind: "running" });
  await own.cancel(id);
  expect(cancelled).toEqual(["operations/7"]);
  expect(await own.stateOf(id)).toMatchObject({ kind: "ended" });
  expect(await launcher().stateOf(id)).toMatchObject({ kind: "ended", how: "lost" });
  expect(own.describe(id)).toBe("its worker by reapi://cluster.test:8980/main");
});

test("a server that cannot be reached refuses the first work", async () => {
  fake.fail = () => unavailable();
  await expect(launcher().launch(work)).rejects.toMatchObject({ code: "SERVER_REFUSED" });
});
