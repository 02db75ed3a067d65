/** Sources from a package index: pinned by its digests, fetched from wherever it is. */
import * as fs from "node:fs";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { digestOf } from "../../src/core/index.ts";
import type { PypiSource, Recipe } from "../../src/recipe/index.ts";
import { fetchSource, pinSource, type SourceContext } from "../../src/source/index.ts";
import {
  failureOf,
  type Fixture,
  type Handler,
  makeContext,
  makePython,
  makeRecipe,
  removeDirectories,
  type Server,
  startServer,
} from "./fixture.ts";

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  removeDirectories();
});

interface IndexFile {
  readonly name: string;
  readonly content: string;
  readonly yanked?: string;
  readonly withoutDigest?: boolean;
}

type Form = "html" | "json";

const digest = (file: IndexFile): string => digestOf(file.content);

function htmlOf(files: readonly IndexFile[]): string {
  const links = files.map((file) => {
    const fragment = file.withoutDigest ? "" : `#sha256=${digest(file)}`;
    const yanked = file.yanked === undefined ? "" : ` data-yanked="${file.yanked}"`;
    return `<a href="/files/${file.name}${fragment}"${yanked}>${file.name}</a><br>`;
  });
  return `<!DOCTYPE html><html><body>${links.join("\n")}</body></html>`;
}

function jsonOf(files: readonly IndexFile[]): string {
  return JSON.stringify({
    meta: { "api-version": "1.0" },
    files: files.map((file) => ({
      filename: file.name,
      url: `../../files/${file.name}`,
      hashes: file.withoutDigest ? {} : { sha256: digest(file) },
      yanked: file.yanked ?? false,
    })),
  });
}

const indexOf =
  (files: readonly IndexFile[], form: Form): Handler =>
  (request, answer) => {
    const name = request.path.slice(request.path.lastIndexOf("/") + 1);
    const file = files.find((file) => request.path === `/files/${file.name}`);
    if (file !== undefined) answer.send(200, {}, file.content);
    else if (name !== "" || !request.path.startsWith("/simple/greet/")) answer.send(404, {});
    else if (form === "html") answer.send(200, { "content-type": "text/html" }, htmlOf(files));
    else {
      const type = { "content-type": "application/vnd.pypi.simple.v1+json" };
      answer.send(200, { ...type, "content-encoding": "gzip" }, gzipSync(jsonOf(files)));
    }
  };

async function machineWith(
  files: readonly IndexFile[],
  form: Form,
  options: { settings?: Record<string, string>; credentials?: string; context?: object } = {},
): Promise<Fixture & { server: Server }> {
  const server = await startServer(indexOf(files, form));
  servers.push(server);
  const fixture = makeContext(options.context as Partial<SourceContext>);
  const url = `${server.url}/simple`.replace("//", `//${options.credentials ?? ""}`);
  const python = makePython(fixture.directory, { "global.index-url": url, ...options.settings });
  return { ...fixture, context: { ...fixture.context, python }, server };
}

function recipeOf(source: Partial<PypiSource> = {}): Recipe {
  return makeRecipe({
    kind: "pypi",
    project: "greet",
    version: "1.0",
    distribution: "sdist",
    ...source,
  });
}

const sdist = { name: "greet-1.0.tar.gz", content: "the sdist" };
const files: readonly IndexFile[] = [
  { name: "greet-0.9.tar.gz", content: "an old sdist" },
  { name: "greet-1.0.zip", content: "the sdist, zipped" },
  sdist,
  { name: "greet-1.0-cp311-cp311-linux_x86_64.whl", content: "for one interpreter" },
  { name: "greet-1.0-py2.py3-none-any.whl", content: "pure" },
  { name: "greet-1.0-1-py3-none-any.whl", content: "pure, built again" },
];

describe.each<Form>(["html", "json"])("an index in %s", (form) => {
  test("gives the sdist's digest without a download; the pin names no host", async () => {
    const { context, server } = await machineWith(files, form);
    const pin = await pinSource(context, recipeOf());
    expect(pin).toEqual({
      package: "greet",
      source: "pypi greet 1.0 sdist",
      sha256: digest(sdist),
      file: "greet-1.0.tar.gz",
    });
    expect(server.requests.map(({ path }) => path)).toEqual(["/simple/greet/"]);
  });

  test("gives the pinned file, checked", async () => {
    const { context } = await machineWith(files, form);
    const pin = await pinSource(context, recipeOf());
    await fetchSource(context, recipeOf(), pin);
    const stored = context.store.layout.source(pin.sha256);
    expect(fs.readFileSync(stored, "utf8")).toBe("the sdist");
  });

  test("tells of a yanked file", async () => {
    const { context, events } = await machineWith([{ ...sdist, yanked: "broken" }], form);
    await pinSource(context, recipeOf());
    expect(events).toEqual([
      {
        kind: "warning",
        package: "greet",
        message: "greet-1.0.tar.gz was yanked from the index by its maintainers: broken",
      },
    ]);
  });

  test("without digests: the file is fetched and hashed", async () => {
    const { context } = await machineWith([{ ...sdist, withoutDigest: true }], form);
    const pin = await pinSource(context, recipeOf());
    expect(pin.sha256).toBe(digest(sdist));
    expect(context.store.hasSource(pin.sha256)).toBe(true);
  });
});

describe("the choice", () => {
  test("of wheels: pure before all, the newest build, then the interpreter's own", async () => {
    const wheel = recipeOf({ distribution: "wheel" });
    const pure = await machineWith(files, "json");
    expect((await pinSource(pure.context, wheel)).file).toBe("greet-1.0-1-py3-none-any.whl");
    const own = files.filter(({ name }) => !name.includes("none-any"));
    const supportedTags = ["cp311-cp311-linux_x86_64"];
    const tagged = await machineWith(own, "json", { context: { supportedTags } });
    expect((await pinSource(tagged.context, wheel)).file).toContain("cp311-cp311");
    const other = await machineWith(own, "json");
    const error = await failureOf(pinSource(other.context, wheel));
    expect(error).toMatchObject({ kind: "source", code: "FILE_NOT_FOUND" });
    expect(error).toHaveProperty("hints", [expect.stringContaining("linux_x86_64.whl")]);
  });

  test("keeps to the recipe's own digest", async () => {
    const zipped = digestOf("the sdist, zipped");
    const { context } = await machineWith(files, "json");
    const pin = await pinSource(context, recipeOf({ sha256: zipped }));
    expect(pin).toMatchObject({ file: "greet-1.0.zip", sha256: zipped });
  });

  test("a version is the same in another spelling", async () => {
    const { context } = await machineWith(files, "json");
    expect((await pinSource(context, recipeOf({ version: "1.0.0" }))).file).toBe(sdist.name);
  });
});

describe("what is not there", () => {
  test("a version: the error lists those that are", async () => {
    const { context } = await machineWith(files, "html");
    const error = await failureOf(pinSource(context, recipeOf({ version: "2.0" })));
    expect(error).toMatchObject({ code: "FILE_NOT_FOUND" });
    expect(error).toHaveProperty("hints", [expect.stringContaining("0.9, 1.0")]);
  });

  test("a project: the index's 404 is an answer, not asked again", async () => {
    const { context, server } = await machineWith(files, "html");
    const error = await failureOf(pinSource(context, recipeOf({ project: "nothing" })));
    expect(error).toMatchObject({ kind: "source", code: "PROJECT_NOT_FOUND" });
    expect(server.requests.length).toBe(1);
  });

  test("an index that fails is not taken for one without the project", async () => {
    const server = await startServer((_request, answer) => answer.send(502, {}));
    servers.push(server);
    const settings = { "global.extra-index-url": `${server.url}/simple` };
    const { context } = await machineWith(files, "html", { settings });
    const error = await failureOf(pinSource(context, recipeOf()));
    expect(error).toMatchObject({ kind: "source", code: "INDEX_UNREACHABLE" });
  });

  test("a file that the index has replaced", async () => {
    const { context } = await machineWith(files, "json");
    const pin = { ...(await pinSource(context, recipeOf())), sha256: digestOf("the first one") };
    const error = await failureOf(fetchSource(context, recipeOf(), pin));
    expect(error).toMatchObject({ kind: "source", code: "SOURCE_MISMATCH" });
    expect(error.message).toContain(digest(sdist));
  });
});

test("an index that lies about a file's digest is found out (I11)", async () => {
  const page = htmlOf([{ ...sdist, content: "as promised" }]);
  const server = await startServer((request, answer) =>
    request.path.startsWith("/simple/")
      ? answer.send(200, { "content-type": "text/html" }, page)
      : answer.send(200, {}, "something else"),
  );
  servers.push(server);
  const fixture = makeContext();
  const url = `${server.url}/simple`;
  const python = makePython(fixture.directory, { "global.index-url": url });
  const context = { ...fixture.context, python };
  const pin = await pinSource(context, recipeOf());
  const error = await failureOf(fetchSource(context, recipeOf(), pin));
  expect(error).toMatchObject({ code: "SOURCE_MISMATCH" });
  expect(context.store.hasSource(pin.sha256)).toBe(false);
  expect(context.store.hasSource(digestOf("something else"))).toBe(false);
});

test("a folder of find-links serves, offline too", async () => {
  const fixture = makeContext({ offline: true });
  const folder = `${fixture.directory}/wheels`;
  fs.mkdirSync(folder);
  fs.writeFileSync(`${folder}/greet-1.0.tar.gz`, "the sdist");
  const python = makePython(fixture.directory, { ":env:.find-links": folder });
  const context = { ...fixture.context, python };
  const pin = await pinSource(context, recipeOf());
  expect(pin).toMatchObject({ sha256: digest(sdist), file: sdist.name });
  fs.rmSync(context.store.layout.source(pin.sha256));
  await fetchSource(context, recipeOf(), pin);
  expect(context.store.hasSource(pin.sha256)).toBe(true);
  const other = { ...pin, file: "greet-1.0.zip", sha256: digestOf("x") };
  const error = await failureOf(fetchSource(context, recipeOf(), other));
  expect(error).toMatchObject({ code: "SOURCE_OFFLINE" });
});

test("the index's credentials go to its own files, and into no message", async () => {
  const { context, server, events } = await machineWith(files, "json", {
    credentials: "anna:secret@",
  });
  const pin = await pinSource(context, recipeOf());
  await fetchSource(context, recipeOf(), pin);
  const header = `Basic ${Buffer.from("anna:secret").toString("base64")}`;
  expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
    header,
    header,
    header,
  ]);
  const missing = recipeOf({ project: "nothing" });
  const error = await failureOf(pinSource(context, missing));
  expect(JSON.stringify([pin, events, error, error.message])).not.toMatch(/anna|secret/);
});
