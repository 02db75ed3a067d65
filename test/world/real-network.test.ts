/** The real Network, against a server on this machine. */
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createRealWorld, NetworkError, type Response } from "../../src/world/index.ts";

const { network } = createRealWorld({});
const closings: string[] = [];

type Page = (request: http.IncomingMessage, response: http.ServerResponse) => void;

const pages: Record<string, Page> = {
  "/text": (request, response) => {
    response.setHeader("X-Agent", request.headers["user-agent"] ?? "");
    response.setHeader("X-Twice", ["a", "b"]);
    response.end(`accept=${request.headers["accept"]}`);
  },
  "/missing": (_request, response) => response.writeHead(404).end("no"),
  "/moved": (_request, response) => response.writeHead(302, { location: "/hop" }).end(),
  "/hop": (_request, response) => response.writeHead(307, { location: "/text" }).end("gone"),
  "/circle": (_request, response) => response.writeHead(302, { location: "/circle" }).end(),
  ...Object.fromEntries(
    Array.from({ length: 12 }, (_none, left): [string, Page] => [
      `/row/${left}`,
      (_request, response) =>
        left === 0
          ? response.end("end")
          : response.writeHead(301, { location: `/row/${left - 1}` }).end(),
    ]),
  ),
  "/range": (request, response) => response.writeHead(206).end(`range ${request.headers["range"]}`),
  "/silent": () => {},
  "/stalls": (_request, response) => {
    response.writeHead(200, { "content-length": "10" });
    response.write("half");
  },
  "/breaks": (_request, response) => {
    response.writeHead(200, { "content-length": "10" });
    response.write("half", () => setImmediate(() => response.destroy()));
  },
  "/breaks-chunked": (_request, response) => {
    response.write("half", () => setImmediate(() => response.destroy()));
  },
  "/endless": (request, response) => {
    request.socket.on("close", () => closings.push("/endless"));
    const write = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(1 << 16)));
    };
    response.on("drain", write);
    write();
  },
};

let server: http.Server;
let base: string;

beforeAll(async () => {
  server = http.createServer((request, response) => pages[request.url ?? ""]?.(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function read(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function failureOf(work: () => Promise<unknown>): Promise<string> {
  const error: unknown = await work().then(
    () => "no failure",
    (reason: unknown) => reason,
  );
  if (!(error instanceof NetworkError)) throw error;
  return error.message.replace(`${base}`, "");
}

describe("an answer", () => {
  test("has status, headers in lower case, address and body", async () => {
    const response = await network.request(`${base}/text`, { headers: { Accept: "text/plain" } });
    expect(response).toMatchObject({ status: 200, url: `${base}/text` });
    expect(response.headers).toMatchObject({ "x-agent": "tenon", "x-twice": "a, b" });
    expect(await read(response)).toBe("accept=text/plain");
  });

  test("with an error status is an answer too", async () => {
    const response = await network.request(`${base}/missing`);
    expect(response.status).toBe(404);
    expect(await read(response)).toBe("no");
  });

  test("is what redirects lead to, with the last address", async () => {
    const response = await network.request(`${base}/moved`);
    expect(response).toMatchObject({ status: 200, url: `${base}/text` });
    expect(await read(response)).toBe("accept=undefined");
  });

  test("is for the part that was asked for", async () => {
    const response = await network.request(`${base}/range`, { headers: { range: "bytes=4-" } });
    expect(response.status).toBe(206);
    expect(await read(response)).toBe("range bytes=4-");
  });

  test("that nobody reads is closed, and its connection with it", async () => {
    const response = await network.request(`${base}/endless`);
    await response.close();
    while (!closings.includes("/endless")) await new Promise((resolve) => setTimeout(resolve, 5));
  });
});

describe("a NetworkError", () => {
  test("says that the connection was refused", async () => {
    const free = http.createServer();
    await new Promise<void>((resolve) => free.listen(0, "127.0.0.1", resolve));
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    const url = `http://127.0.0.1:${port}/`;
    expect(await failureOf(() => network.request(url))).toBe(`${url}: the connection was refused`);
  });

  test("says that no answer came in time", async () => {
    const work = () => network.request(`${base}/silent`, { timeoutMs: 100 });
    expect(await failureOf(work)).toBe("/silent: no answer in time");
  });

  test("says that the transfer stalled", async () => {
    const response = await network.request(`${base}/stalls`, { timeoutMs: 200 });
    expect(await failureOf(() => read(response))).toBe("/stalls: the transfer stalled");
  });

  test.each(["/breaks", "/breaks-chunked"])("says that the connection broke: %s", async (page) => {
    const response = await network.request(`${base}${page}`);
    expect(await failureOf(() => read(response))).toBe(`${page}: the connection broke`);
  });

  test("ends a long row of redirects", async () => {
    const response = await network.request(`${base}/row/10`);
    expect(response.url).toBe(`${base}/row/0`);
    await response.close();
    expect(await failureOf(() => network.request(`${base}/row/11`))).toBe(
      "/row/11: too many redirects",
    );
  });

  test("ends a circle of redirects", async () => {
    expect(await failureOf(() => network.request(`${base}/circle`))).toBe(
      "/circle: too many redirects",
    );
  });

  test("is what an abort gives, before the head and within the body", async () => {
    const before = AbortSignal.timeout(20);
    expect(await failureOf(() => network.request(`${base}/silent`, { signal: before }))).toMatch(
      /^\/silent: /,
    );
    const controller = new AbortController();
    const response = await network.request(`${base}/stalls`, { signal: controller.signal });
    const reading = failureOf(() => read(response));
    controller.abort();
    expect(await reading).toMatch(/^\/stalls: /);
  });

  test("is what a wrong address gives", async () => {
    expect(await failureOf(() => network.request("nonsense"))).toMatch(/^nonsense: /);
    expect(await failureOf(() => network.request("ftp://127.0.0.1/x"))).toMatch(/^ftp:/);
  });
});
