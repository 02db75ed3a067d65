/** A cache on a server of files that breaks, stalls, answers with errors and pages, or goes away: it costs builds only. */
import { beforeEach, expect, test } from "vitest";
import {
  createSimulatedDisk,
  createSimulatedWorld,
  type SimulatedDisk,
  type SimulatedResponse,
} from "../../src/world/simulated/index.ts";
import { openStore } from "../../src/store/index.ts";
import {
  type Asked,
  ask,
  cacheFolder,
  ci,
  type Machine,
  newMachine,
  nowMs,
  push,
  take,
} from "./exchange.ts";

const url = "https://cache.test/tenon";
const names = ["a", "b", "c", "d", "e", "f"];
let disk: SimulatedDisk;

beforeEach(async () => {
  disk = createSimulatedDisk();
  disk.makeDirectory("/srv");
  const pusher = newMachine(disk, "/pusher");
  await push(pusher, ci, ...names.map((name) => ({ name, text: `of ${name}` })));
});

type Spoil = (path: string, body: Uint8Array, count: number) => SimulatedResponse | undefined;

interface Server extends Machine {
  readonly requests: string[];
}

/** A machine with an empty store, before a server of the folder that answers as it is told to. */
function behind(spoil: Spoil = (_, body) => body): Server {
  const requests: string[] = [];
  const world = createSimulatedWorld({
    disk,
    clock: { startMs: nowMs },
    site: ({ url: asked }) => {
      const path = asked.slice(url.length + 1);
      requests.push(path);
      const file = `${cacheFolder}/${path}`;
      if (disk.status(file) === undefined) return undefined;
      return spoil(path, disk.readFile(file), requests.length);
    },
  });
  return { disk, world, requests, store: openStore(world, "/taker", { sync: false }) };
}

async function takeAll(
  server: Server,
): Promise<{ readonly kinds: string[]; readonly asked: Asked }> {
  const asked = await ask(server, [ci], { url });
  const kinds: string[] = [];
  for (const name of names) kinds.push((await take(asked, name)).kind);
  return { kinds, asked };
}

test("one question for everything, and two answers a package", async () => {
  const server = behind();
  const { kinds, asked } = await takeAll(server);
  expect(kinds).toEqual(names.map(() => "taken"));
  expect(asked.told).toEqual([]);
  expect(server.requests).toHaveLength(1 + 2 * names.length);
  // A second time, what the store has is not asked for again.
  const again = await ask(server, [ci], { url });
  await take(again, "a");
  expect(server.requests).toHaveLength(1 + 2 * names.length + 2);
});

const page = { headers: { "content-type": "text/html" }, body: "<html>Sign in, please</html>" };

test.each<[string, Spoil]>([
  ["500", () => ({ status: 500 })],
  ["403", () => ({ status: 403 })],
  ["a page", () => page],
  ["no answer", () => ({ failure: "the connection was refused" })],
  ["half an answer", (_, body) => ({ body, breakAfterBytes: 50 })],
  ["an answer that stalls", (_, body) => ({ body, stallAfterBytes: 50 })],
])("a server that gives %s from the start", async (_, spoil) => {
  const { kinds, asked } = await takeAll(behind(spoil));
  expect(kinds).toEqual(names.map(() => "missing"));
  expect(asked.told).toHaveLength(1);
  expect(asked.told[0]).toContain("does not give what it has");
});

test.each<[string, Spoil]>([
  ["500", () => ({ status: 500 })],
  ["a page", () => page],
  ["no answer", () => ({ failure: "the connection was refused" })],
  ["half an answer", (_, body) => ({ body, breakAfterBytes: 50 })],
  ["fewer bytes than it says", (_, body) => ({ headers: { "content-length": "9999" }, body })],
])(
  "a server that gives %s in the middle is given up, and nothing is told to be forged",
  async (_, spoil) => {
    const { kinds, asked } = await takeAll(
      behind((path, body, count) => (count > 5 ? spoil(path, body, count) : body)),
    );
    expect(kinds).toEqual(["taken", "taken", ...names.slice(2).map(() => "unreachable")]);
    expect(asked.told.at(-1)).toContain("is not asked any more");
    expect(asked.told.join()).not.toContain("refused:");
  },
);

test("an error that passes is asked again", async () => {
  const { kinds, asked } = await takeAll(
    behind((_, body, count) => (count % 3 === 1 ? { status: 503 } : body)),
  );
  expect(kinds).toEqual(names.map(() => "taken"));
  expect(asked.told).toEqual([]);
});

test("what is not there is no trouble, and told to nobody", async () => {
  for (const folder of disk.list(`${cacheFolder}/blobs/sha256`))
    for (const { name } of disk.list(`${cacheFolder}/blobs/sha256/${folder.name}`))
      disk.removeFile(`${cacheFolder}/blobs/sha256/${folder.name}/${name}`);
  const { kinds, asked } = await takeAll(behind());
  expect(kinds).toEqual(names.map(() => "missing"));
  expect(asked.told).toEqual([]);
});

test("credentials are sent, and named nowhere", async () => {
  const seen = new Set<string | undefined>();
  const world = createSimulatedWorld({
    disk,
    clock: { startMs: nowMs },
    site: ({ headers }) => {
      seen.add(headers["authorization"]);
      return { status: 401 };
    },
  });
  const machine = { disk, world, store: openStore(world, "/taker", { sync: false }) };
  const asked = await ask(machine, [ci], { url: "https://me:secret@cache.test/tenon" });
  expect([...seen]).toEqual([`Basic ${Buffer.from("me:secret").toString("base64")}`]);
  expect(asked.told.join()).toContain("401");
  expect(asked.told.join()).not.toContain("secret");
});
