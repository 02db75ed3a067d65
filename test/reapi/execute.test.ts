/** A command as an action: the same for the same files, and what it leaves is read whole or not at all. */
import { create, toBinary } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import { beforeEach, expect, test } from "vitest";
import { digestOf } from "../../src/core/index.ts";
import { describeWork } from "../../src/reapi/describe-work.ts";
import { executeWork } from "../../src/reapi/execute.ts";
import { openServer } from "../../src/reapi/index.ts";
import { inputFolder } from "../../src/reapi/input-folder.ts";
import { outputFiles, outputText } from "../../src/reapi/output-folder.ts";
import { bytesBlob } from "../../src/reapi/blobs.ts";
import { OperationSchema } from "../../src/reapi/protocol/long-running_pb.ts";
import {
  type ActionResult,
  ActionResultSchema,
  ExecuteResponseSchema,
  Execution,
  TreeSchema,
} from "../../src/reapi/protocol/remote-execution_pb.ts";
import { createSimulatedWorld } from "../../src/world/simulated/index.ts";
import { createFakeServer, type FakeServer } from "./fake-server.ts";

let fake: FakeServer;
let result: ActionResult;

beforeEach(() => {
  result = create(ActionResultSchema, {});
  fake = createFakeServer((router) => {
    router.service(Execution, {
      execute: async function* () {
        const response = create(ExecuteResponseSchema, { result });
        const value = anyPack(ExecuteResponseSchema, response);
        yield create(OperationSchema, { done: true, result: { case: "response", value } });
      },
    });
  });
});

const open = () =>
  openServer(createSimulatedWorld({ services: fake.transport }), {
    url: "http://cas.test:1/",
    name: "reapi://cas.test:1",
  });

const blob = (text: string) => bytesBlob(Buffer.from(text));
const files = [
  ["b/z", blob("1")],
  ["a", blob("2")],
  ["b/c/d", blob("3")],
  ["b-c", blob("4")],
] as const;

test("a folder has one digest, in whatever order its files come", () => {
  const { root, blobs } = inputFolder(new Map(files));
  expect(inputFolder(new Map(files.toReversed())).root).toEqual(root);
  // Four files and the folders "", b and b/c.
  expect(new Set(blobs.map(({ blob: { sha256 } }) => sha256)).size).toBe(7);
  expect(inputFolder(new Map()).root).toEqual({ sha256: digestOf(""), sizeBytes: 0 });
  expect(inputFolder(new Map([...files, ["x", blob("5")]])).root).not.toEqual(root);
});

const describe = (platform: Record<string, string>) =>
  describeWork({
    argv: ["/bin/true"],
    environment: {},
    files: new Map(files),
    output: "out",
    platform,
  });

test("an action is brought whole, and its result given back", async () => {
  const work = describe({ b: "2", a: "1" });
  expect(describe({ a: "1", b: "2" }).action).toEqual(work.action);
  expect(describe({ a: "2", b: "2" }).action).not.toEqual(work.action);
  const options = {
    onExecuting: () => {},
    onSilent: () => {},
    signal: new AbortController().signal,
  };
  result = create(ActionResultSchema, { exitCode: 4 });
  expect((await executeWork(await open(), work, options)).exitCode).toBe(4);
  expect(fake.blobs.has(work.action.sha256)).toBe(true);
  for (const [, { blob: of }] of files) expect(fake.blobs.has(of.sha256)).toBe(true);
});

const wire = (content: Uint8Array) => ({
  hash: digestOf(content),
  sizeBytes: BigInt(content.length),
});

test("what a command has left is read; a list that was damaged is not", async () => {
  const digest = wire(Buffer.from("x"));
  const root = { files: [{ name: "top", digest }] };
  const children = [{ files: [{ name: "deep", digest }] }];
  const tree = toBinary(TreeSchema, create(TreeSchema, { root, children }));
  fake.blobs.set(digestOf(tree), tree);
  const said = Buffer.from("said");
  fake.blobs.set(digestOf(said), said);
  const given = create(ActionResultSchema, {
    outputDirectories: [{ path: "out", treeDigest: wire(tree) }],
    stdoutRaw: Buffer.from("it "),
    stderrDigest: wire(said),
  });
  const server = await open();
  expect(await outputFiles(server, given)).toMatchObject([
    { name: "top", isDeeper: false, blob: { sizeBytes: 1 } },
    { name: "deep", isDeeper: true },
  ]);
  expect(await outputText(server, given)).toBe("it said");
  expect(await outputFiles(server, create(ActionResultSchema, {}))).toEqual([]);
  fake.blobs.set(digestOf(tree), tree.subarray(1));
  await expect(outputFiles(server, given)).rejects.toThrow("damaged");
});
