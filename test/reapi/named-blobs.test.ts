/** Names on a server: each stands for the blobs that it was given last. */
import { beforeEach, expect, test } from "vitest";
import { bringBlobs, bytesBlob, openServer, type Server } from "../../src/reapi/index.ts";
import { nameBlobs, readNamed } from "../../src/reapi/named-blobs.ts";
import { createSimulatedWorld } from "../../src/world/simulated/index.ts";
import { createFakeServer, type FakeServer, unavailable } from "./fake-server.ts";

let fake: FakeServer;
let server: Server;

beforeEach(async () => {
  fake = createFakeServer();
  const world = createSimulatedWorld({ services: fake.transport });
  server = await openServer(world, { url: "http://cas.test:8980", name: "reapi://cas.test:8980" });
});

const [one, two] = ["one", "two"].map((text) => bytesBlob(Buffer.from(text)));

test("a name stands for what it was given last, and another name for nothing", async () => {
  if (one === undefined || two === undefined) throw new Error("there are two");
  await bringBlobs(server, [one, two]);
  expect(await readNamed(server, "index")).toBeUndefined();
  await nameBlobs(server, "index", [one.blob]);
  expect(await readNamed(server, "index")).toEqual(one.blob);
  await nameBlobs(server, "index", [two.blob, one.blob]);
  expect(await readNamed(server, "index")).toEqual(two.blob);
  expect(await readNamed(server, "other")).toBeUndefined();
});

test("a server that does not answer is not one without the name", async () => {
  fake.fail = (call) => (call === "GetActionResult" ? unavailable() : undefined);
  await expect(readNamed(server, "index")).rejects.toMatchObject({ kind: "unreachable" });
});
