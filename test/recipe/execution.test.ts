/** `[execution]` of tenon.toml: what it says, and what is told of its mistakes. */
import { expect, test } from "vitest";
import { readWorkspace } from "../../src/recipe/index.ts";
import { createSimulatedWorld } from "../../src/world/simulated/index.ts";

function read(text: string) {
  const { disk } = createSimulatedWorld();
  disk.plant("/w", { "tenon.toml": text });
  return readWorkspace(disk, "/w").execution;
}

test("nothing is built elsewhere where nothing is said", () => {
  expect(read("")).toBeUndefined();
});

test("a folder is enough", () => {
  expect(read('[execution]\nurl = "slurm:/shared/tenon/"\n')).toEqual({
    system: "slurm",
    place: "/shared/tenon",
    jobs: 4,
    atOnce: 8,
    arguments: [],
    command: [],
    platform: {},
    node: "node",
    shortestMs: 3000,
  });
});

test("all that can be said is read", () => {
  const text = `[execution]
url = "command:/s"
jobs = 2
at-once = 3
command = ["ssh", "h"]
node = "/opt/node/bin/node"
store = "/local/tenon"
shortest = 0.5
`;
  expect(read(text)).toMatchObject({
    system: "command",
    jobs: 2,
    atOnce: 3,
    command: ["ssh", "h"],
    node: "/opt/node/bin/node",
    workerStore: "/local/tenon",
    shortestMs: 500,
  });
});

test("a server is named by its address, with what it wants to know of workers", () => {
  const text = `[execution]
url = "reapis://cluster.test:8980/main/"
storage = "reapi://blobs.test:8981"
platform = { OSFamily = "linux" }
timeout = 90
`;
  expect(read(text)).toMatchObject({
    system: "reapi",
    place: "reapis://cluster.test:8980/main",
    storage: "reapi://blobs.test:8981",
    platform: { OSFamily: "linux" },
    timeoutMs: 90_000,
  });
});

test.each([
  ["jobs = 2", "[execution] has no url"],
  ['url = "pbs:/s"', "execution.url is"],
  ['url = "slurm:shared"', "execution.url is"],
  ['url = "slurm:/s"\njobs = 0', "execution.jobs is 0"],
  ['url = "slurm:/s"\nat-once = 1.5', "execution.at-once is 1.5"],
  ['url = "slurm:/s"\nstore = "here"', "execution.store is"],
  ['url = "slurm:/s"\ncommand = ["ssh"]', "execution.command has no use here"],
  ['url = "command:/s"\narguments = ["-x"]', "execution.arguments has no use here"],
  ['url = "reapi://"', "execution.url is"],
  ['url = "reapi://h:1"\ntimeout = 0', "execution.timeout is 0"],
  ['url = "slurm:/s"\nplatform = { OS = "linux" }', "execution.platform has no use here"],
  ['url = "slurm:/s"\nstorage = "reapi://h:2"', "execution.storage has no use here"],
  ['url = "reapi://h:1"\nstorage = "h:2"', "execution.storage is"],
  ['url = "slurm:/s"\ntimeout = 60', "execution.timeout has no use here"],
  ['url = "command:/s"\nworkers = 3', 'unknown key "workers"'],
])("%s is told", (lines, told) => {
  expect(() => read(`[execution]\n${lines}\n`)).toThrow(told);
});
