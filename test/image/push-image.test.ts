/** Pushing an image: blobs that a registry has are not sent again, and the tag comes at last. */
import * as fs from "node:fs";
import { createServer, type Server } from "node:http";
import { afterEach, beforeEach, expect, test } from "vitest";
import { digestOf } from "../../src/core/index.ts";
import { parseTarget } from "../../src/image/push-image.ts";
import { makeImage } from "../../src/operations/make-image.ts";
import { layoutOf } from "../../src/prefix/index.ts";
import { joinAt, openPlace, type Place } from "../bundle/stack-on-disk.ts";

let place: Place;
let registry: Registry;
beforeEach(async () => {
  place = openPlace();
  registry = await openRegistry();
});
afterEach(() => {
  registry.server.close();
  fs.rmSync(place.root, { recursive: true, force: true });
});

interface Registry {
  readonly server: Server;
  readonly address: string;
  /** What it was asked, GET and HEAD excepted. */
  readonly changes: string[];
  readonly kept: Map<string, Buffer>;
  /** Answers 503 to this many requests that bring a blob. */
  failures: number;
}

async function openRegistry(): Promise<Registry> {
  const kept = new Map<string, Buffer>();
  const changes: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://x");
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const { method = "" } = request;
      if (method === "HEAD") return response.writeHead(kept.has(url.pathname) ? 200 : 404).end();
      changes.push(`${method} ${url.pathname.replace("/v2/team/stack/", "")}`);
      if (method === "POST")
        return response.writeHead(202, { location: "/v2/team/stack/blobs/uploads/1" }).end();
      const digest = url.searchParams.get("digest");
      if (digest !== null && registry.failures-- > 0) return response.writeHead(503).end();
      const content = Buffer.concat(pieces);
      const isWhole = digest === null || digest === `sha256:${digestOf(content)}`;
      if (isWhole)
        kept.set(digest === null ? url.pathname : `/v2/team/stack/blobs/${digest}`, content);
      return response.writeHead(isWhole ? 201 : 400).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  return { server, address: `127.0.0.1:${port}`, changes, kept, failures: 0 };
}

function push(prefix: string, tag: string) {
  return makeImage(place.world, layoutOf(prefix), {
    packages: [],
    output: `${place.root}/image`,
    at: "/opt/stack",
    name: "stack",
    tool: "1",
    push: { target: `oci+http://${registry.address}/team/stack:${tag}`, only: true, network: {} },
  });
}

test("what is there is not sent again, and nothing is left here", async () => {
  const prefix = `${place.root}/prefix`;
  await joinAt(place, prefix);
  const before = fs.readdirSync(place.root);
  const { pushed, digest } = await push(prefix, "1");
  expect(pushed).toMatchObject({
    place: `oci://${registry.address}/team/stack:1`,
    sent: 3,
    known: 0,
  });
  expect(registry.changes.at(-1)).toBe("PUT manifests/1");
  expect(digestOf(registry.kept.get("/v2/team/stack/manifests/1") ?? "")).toBe(digest);
  expect(fs.readdirSync(place.root)).toEqual(before);
  registry.changes.length = 0;
  expect((await push(prefix, "2")).pushed).toMatchObject({ sent: 0, known: 3, sentBytes: 0 });
  expect(registry.changes).toEqual(["PUT manifests/2"]);
});

test("a package that changes brings its own layer again, and the last one", async () => {
  const prefix = `${place.root}/prefix`;
  await joinAt(place, prefix);
  await push(prefix, "1");
  const other = `${place.root}/other`;
  await joinAt(place, other, "changed\n");
  expect((await push(other, "2")).pushed).toMatchObject({ sent: 2, known: 1 });
});

test("a registry that fails gets no tag", async () => {
  const prefix = `${place.root}/prefix`;
  await joinAt(place, prefix);
  registry.failures = 1;
  await expect(push(prefix, "1")).rejects.toThrow("the server answered 503");
  expect(registry.changes.filter((each) => each.includes("manifests"))).toEqual([]);
});

test("places are written as for container engines", () => {
  const url = "oci://registry.test:5000/team/stack";
  expect(parseTarget("registry.test:5000/team/stack:1.0")).toEqual({ url, tag: "1.0" });
  expect(parseTarget("registry.test:5000/team/stack")).toEqual({ url, tag: "latest" });
  expect(parseTarget("oci+http://me:secret@localhost/a:b").url).toBe(
    "oci+http://me:secret@localhost/a",
  );
  for (const wrong of ["stack", "a/B:1", "a/b:", "https://a/b:1", "a /b", "a/b:1:2"])
    expect(() => parseTarget(wrong)).toThrow("not the place of an image");
});
