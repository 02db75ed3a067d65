/** Downloading: resuming, retrying, mirrors, digests. */
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { digestOf, type TenonError } from "../../src/core/index.ts";
import { addressOf, download, type SourceEvent } from "../../src/source/index.ts";
import {
  failureOf,
  type Fixture,
  type Handler,
  makeContext,
  namesIn,
  removeDirectories,
  type Server,
  startServer,
} from "./fixture.ts";

const content = randomBytes(300_000);
const sha256 = digestOf(content);
const half = 150_000;
const servers: Server[] = [];

async function serve(handler: Handler): Promise<Server> {
  const server = await startServer(handler);
  servers.push(server);
  return server;
}

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  removeDirectories();
});

function get({ context, directory }: Fixture, urls: readonly string[], expected?: string) {
  return download(context, {
    package: "greet",
    recipeFile: "/stack/greet.toml",
    from: urls.map(addressOf),
    destination: `${directory}/store/scratch/result`,
    ...(expected === undefined ? {} : { expectedSha256: expected }),
  });
}

const resultOf = (fixture: Fixture): Buffer =>
  fs.readFileSync(`${fixture.directory}/store/scratch/result`);

const whole = { "content-length": String(content.length) };

/** Gives ranges, and breaks the first answer in the middle. */
const breaksOnce: (validator: Record<string, string>) => Handler =
  (validator) => (request, answer, count) => {
    if (count === 0)
      return answer.breakAfter({ ...whole, ...validator }, content.subarray(0, half));
    const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? Number.NaN);
    if (Number.isNaN(start)) return answer.send(200, validator, content);
    const range = `bytes ${start}-${content.length - 1}/${content.length}`;
    return answer.send(206, { ...validator, "content-range": range }, content.subarray(start));
  };

describe("resuming", () => {
  test("a broken transfer is continued where it broke", async () => {
    const server = await serve(breaksOnce({ etag: '"one"' }));
    const fixture = makeContext();
    expect(await get(fixture, [`${server.url}/a`], sha256)).toBe(sha256);
    expect(resultOf(fixture).equals(content)).toBe(true);
    expect(server.bytesServed()).toBe(content.length);
    expect(server.requests[1]?.headers).toMatchObject({
      range: `bytes=${half}-`,
      "if-range": '"one"',
    });
    expect(namesIn(`${fixture.directory}/store/scratch`)).toEqual(["result"]);
  });

  test("a date serves as validator, a weak entity tag does not", async () => {
    const date = "Mon, 01 Jan 2024 00:00:00 GMT";
    const server = await serve(breaksOnce({ etag: 'W/"one"', "last-modified": date }));
    await get(makeContext(), [`${server.url}/a`], sha256);
    expect(server.requests[1]?.headers["if-range"]).toBe(date);
  });

  test("without a validator it starts from the beginning", async () => {
    const server = await serve(breaksOnce({ etag: 'W/"one"' }));
    const fixture = makeContext();
    await get(fixture, [`${server.url}/a`], sha256);
    expect(server.requests[1]?.headers.range).toBeUndefined();
    expect(resultOf(fixture).equals(content)).toBe(true);
  });

  test("a server that answers with the whole file is believed", async () => {
    const server = await serve((_request, answer, count) =>
      count === 0
        ? answer.breakAfter({ ...whole, etag: '"one"' }, content.subarray(0, half))
        : answer.send(200, { etag: '"two"' }, content),
    );
    const fixture = makeContext();
    await get(fixture, [`${server.url}/a`], sha256);
    expect(resultOf(fixture).equals(content)).toBe(true);
  });

  /** The transfer breaks in the middle, and the run is ended before another try. */
  async function endInTheMiddle(fixture: Fixture, url: string): Promise<void> {
    const ended = new AbortController();
    const report = ({ kind }: SourceEvent): void => {
      if (kind === "download-retried") ended.abort();
    };
    const context = { ...fixture.context, signal: ended.signal, report };
    await failureOf(get({ ...fixture, context }, [url], sha256));
  }

  test("a later run continues what a killed one has left", async () => {
    const server = await serve(breaksOnce({ etag: '"one"' }));
    const fixture = makeContext();
    await endInTheMiddle(fixture, `${server.url}/a`);
    expect(await get(fixture, [`${server.url}/a`], sha256)).toBe(sha256);
    expect(resultOf(fixture).equals(content)).toBe(true);
    expect(server.requests.length).toBe(2);
    expect(server.requests[1]?.headers.range).toBe(`bytes=${half}-`);
  });

  test("without an expected digest nothing older than this run is used", async () => {
    const server = await serve(breaksOnce({ etag: '"one"' }));
    const fixture = makeContext();
    await endInTheMiddle(fixture, `${server.url}/a`);
    expect(await get(fixture, [`${server.url}/a`])).toBe(sha256);
    expect(server.requests[1]?.headers.range).toBeUndefined();
  });

  test("a continued file that comes out wrong is fetched afresh", async () => {
    const other = randomBytes(content.length);
    const server = await serve((request, answer, count) => {
      if (count === 0) return answer.breakAfter({ ...whole, etag: '"x"' }, other.subarray(0, half));
      return breaksOnce({ etag: '"x"' })(request, answer, count);
    });
    const fixture = makeContext();
    expect(await get(fixture, [`${server.url}/a`], sha256)).toBe(sha256);
    expect(server.requests[2]?.headers.range).toBeUndefined();
  });

  test("a whole file that was only not yet moved is not fetched again", async () => {
    const server = await serve((_request, answer, count) =>
      count === 0
        ? answer.breakAfter({ "content-length": "300001", etag: '"one"' }, content)
        : answer.send(416, { "content-range": `bytes */${content.length}` }),
    );
    const fixture = makeContext();
    expect(await get(fixture, [`${server.url}/a`], sha256)).toBe(sha256);
    expect(server.requests.length).toBe(2);
  });
});

describe("retrying", () => {
  test("a server that is busy is asked again, after the time that it names", async () => {
    const server = await serve((_request, answer, count) => {
      if (count === 0) return answer.send(503, { "retry-after": "7" });
      if (count === 1) return answer.send(500, {});
      return answer.send(200, {}, content);
    });
    const fixture = makeContext();
    expect(await get(fixture, [`${server.url}/a`])).toBe(sha256);
    expect(fixture.sleptMs).toEqual([7_000, 2_000]);
    expect(fixture.events.map(({ kind }) => kind)).toEqual([
      "download-retried",
      "download-retried",
      "download-started",
      ...fixture.events.filter(({ kind }) => kind === "download-progress").map(({ kind }) => kind),
      "download-finished",
    ]);
  });

  test("four tries a mirror, with growing pauses", async () => {
    const server = await serve((_request, answer) => answer.send(503, {}));
    const fixture = makeContext();
    const error = await failureOf(get(fixture, [`${server.url}/a`], sha256));
    expect(error.code).toBe("SOURCE_UNREACHABLE");
    expect(server.requests.length).toBe(4);
    expect(fixture.sleptMs).toEqual([1_000, 2_000, 4_000]);
    expect(namesIn(`${fixture.directory}/store/scratch`)).toEqual([]);
  });

  test.each([404, 403, 410])("%d is final", async (status) => {
    const server = await serve((_request, answer) => answer.send(status, {}));
    const error = await failureOf(get(makeContext(), [`${server.url}/a`], sha256));
    expect(error).toMatchObject({ kind: "source", code: "SOURCE_UNREACHABLE" });
    expect((error as unknown as TenonError).hints.join()).toContain(String(status));
    expect(server.requests.length).toBe(1);
  });
});

describe("mirrors", () => {
  test("the next one is tried when one does not have the file, stalls or refuses", async () => {
    const missing = await serve((_request, answer) => answer.send(404, {}));
    const stalled = await serve((_request, answer) =>
      answer.stallAfter({ ...whole, etag: '"s"' }, content.subarray(0, half)),
    );
    const good = await serve((_request, answer) => answer.send(200, {}, content));
    const fixture = makeContext({ stallMs: 60 });
    const urls = [missing.url, "http://127.0.0.1:1", stalled.url, good.url].map((u) => `${u}/a`);
    expect(await get(fixture, urls, sha256)).toBe(sha256);
    expect(resultOf(fixture).equals(content)).toBe(true);
    expect(stalled.requests.length).toBe(1);
    expect(namesIn(`${fixture.directory}/store/scratch`)).toEqual(["result"]);
    const failed = fixture.events.filter(({ kind }) => kind === "mirror-failed");
    expect(failed.map((event) => "url" in event && event.url)).toEqual(urls.slice(0, 3));
  });

  test("a mirror with another file is passed over", async () => {
    const wrong = await serve((_request, answer) => answer.send(200, {}, "something else"));
    const good = await serve((_request, answer) => answer.send(200, {}, content));
    const fixture = makeContext();
    expect(await get(fixture, [`${wrong.url}/a`, `${good.url}/a`], sha256)).toBe(sha256);
  });

  test("file addresses need no server", async () => {
    const fixture = makeContext({ offline: true });
    fs.writeFileSync(`${fixture.directory}/here.bin`, content);
    const urls = [`file://${fixture.directory}/nowhere`, `file://${fixture.directory}/here.bin`];
    expect(await get(fixture, urls, sha256)).toBe(sha256);
  });
});

describe("refusing", () => {
  test("a wrong digest names everything and leaves nothing (I11)", async () => {
    const server = await serve((_request, answer) => answer.send(200, {}, "something else"));
    const fixture = makeContext();
    const error = await failureOf(get(fixture, [`${server.url}/a`], sha256));
    expect(error).toMatchObject({ kind: "source", code: "SOURCE_MISMATCH" });
    for (const part of [sha256, digestOf("something else"), `${server.url}/a`, "greet.toml"]) {
      expect(error.message).toContain(part);
    }
    expect(namesIn(`${fixture.directory}/store/scratch`)).toEqual([]);
  });

  test("nothing is asked when offline", async () => {
    const server = await serve((_request, answer) => answer.send(200, {}, content));
    const fixture = makeContext({ offline: true });
    const error = await failureOf(get(fixture, [`${server.url}/a`], sha256));
    expect(error).toMatchObject({
      code: "SOURCE_OFFLINE",
      hints: ["Run `tenon fetch` while online."],
    });
    expect(server.requests).toEqual([]);
  });

  test("an answer that is shorter than announced is no file", async () => {
    const server = await serve((_request, answer) =>
      answer.breakAfter(whole, content.subarray(0, half)),
    );
    const error = await failureOf(get(makeContext(), [`${server.url}/a`]));
    expect(error.code).toBe("SOURCE_UNREACHABLE");
  });
});

test("credentials do not follow a redirect to another host", async () => {
  const other = await serve((_request, answer) => answer.send(200, {}, content));
  const server = await serve((_request, answer) =>
    answer.send(302, { location: `${other.url}/a` }),
  );
  await get(makeContext(), [`${server.url}/a`.replace("//", "//anna:secret@")], sha256);
  expect(server.requests[0]?.headers.authorization).toBeDefined();
  expect(other.requests[0]?.headers.authorization).toBeUndefined();
});

test("credentials are sent, and never told", async () => {
  const server = await serve((_request, answer) => answer.send(403, {}));
  const fixture = makeContext();
  const url = `${server.url}/a`.replace("//", "//anna:s%40cret@");
  const error = await failureOf(get(fixture, [url], sha256));
  const header = `Basic ${Buffer.from("anna:s@cret").toString("base64")}`;
  expect(server.requests[0]?.headers.authorization).toBe(header);
  const told = JSON.stringify([error, error.message, fixture.events]);
  expect(told).not.toMatch(/anna|s%40cret|s@cret/);
});

describe("what says no is believed at once", () => {
  test.each([401, 403, 404, 410, 451])("an answer of %i", async (status) => {
    const server = await serve((_request, answer) => answer.send(status, {}));
    const fixture = makeContext();
    const error = await failureOf(get(fixture, [`${server.url}/a`], sha256));
    expect(error).toMatchObject({
      code: "SOURCE_UNREACHABLE",
      hints: [`${server.url}/a: the server answered ${status}`],
    });
    expect([server.requests.length, fixture.sleptMs]).toEqual([1, []]);
  });

  test("a refused connection", async () => {
    const server = await startServer((_request, answer) => answer.send(200, {}));
    await server.close();
    const fixture = makeContext();
    const error = await failureOf(get(fixture, [`${server.url}/a`], sha256));
    expect(error).toMatchObject({ hints: [`${server.url}/a: the connection was refused`] });
    expect(fixture.events).toEqual([]);
    expect(fixture.sleptMs).toEqual([]);
  });

  test("what may pass is told with the number of tries", async () => {
    const server = await serve((_request, answer) => answer.send(503, {}));
    const error = await failureOf(get(makeContext(), [`${server.url}/a`], sha256));
    expect(error).toMatchObject({ hints: [`${server.url}/a: the server answered 503 (4 tries)`] });
  });
});

describe("what is given in place of an archive is not pinned", () => {
  const page = "<!DOCTYPE html><html><head><title>Sign in</title></head></html>";
  test.each([
    ["a page", page, "a page for a browser, perhaps one to sign in or one that says what is wrong"],
    ["nothing", "", "an empty file"],
  ])("%s", async (_what, body, words) => {
    const server = await serve((_request, answer) => answer.send(200, {}, Buffer.from(body)));
    const url = `${server.url}/greet-1.0.tar.gz`;
    const error = await failureOf(get(makeContext(), [url]));
    expect(error).toMatchObject({
      code: "SOURCE_UNREACHABLE",
      hints: [`${url}: what it gives is ${words}`],
    });
  });

  test("where a digest was pinned, the difference is told with it", async () => {
    const server = await serve((_request, answer) => answer.send(200, {}, Buffer.from(page)));
    const error = await failureOf(get(makeContext(), [`${server.url}/a.zip`], sha256));
    expect(error).toMatchObject({
      code: "SOURCE_MISMATCH",
      hints: [
        expect.stringMatching(/^That address now gives a page for a browser/),
        "If the source was changed on purpose: correct sha256 in /stack/greet.toml, or remove the [[source]] of greet from tenon.lock and run `tenon lock`.",
      ],
    });
  });

  test("a file that has no archive's name may be anything", async () => {
    const server = await serve((_request, answer) => answer.send(200, {}, Buffer.from(page)));
    expect(await get(makeContext(), [`${server.url}/page.html`])).toBe(digestOf(page));
  });
});

test("a file address that names no file is said to", async () => {
  const error = await failureOf(get(makeContext(), ["file:///tmp/a%2fb"], sha256));
  expect(error).toMatchObject({
    hints: ["file:///tmp/a%2fb: it names no file of this machine"],
  });
});
