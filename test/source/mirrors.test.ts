/** A file that lies at several places is taken from the nearest, or from whoever answers first. */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { pathToFileURL } from "node:url";
import { afterEach, expect, test } from "vitest";
import { digestOf } from "../../src/core/index.ts";
import { fetchSource, pinSource, placeSource } from "../../src/source/index.ts";
import {
  failureOf,
  type Handler,
  makeContext,
  makeDirectory,
  makePython,
  makeRecipe,
  removeDirectories,
  type Server,
  startServer,
} from "./fixture.ts";

const servers: Server[] = [];
const content = "an archive";
const sha256 = digestOf(content);
const pin = { package: "greet", source: "url", sha256 };

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  removeDirectories();
});

async function serve(handler: Handler): Promise<Server> {
  const server = await startServer(handler);
  servers.push(server);
  return server;
}

const hang: Handler = () => {};
const refuse: Handler = (_request, answer) => answer.send(404, {});
const give: Handler = (_request, answer) => answer.send(200, {}, content);

function racedRecipe(urls: readonly string[], project?: string) {
  return makeRecipe({
    kind: "url",
    urls,
    fileName: "greet-1.0.tar.gz",
    raced: true,
    sha256,
    ...(project === undefined ? {} : { project }),
  });
}

test("a mirror that hangs, and one that has nothing, are not waited for", async () => {
  const [hanging, empty, good] = [await serve(hang), await serve(refuse), await serve(give)];
  // Were the first one tried as such, its silence would be an error here.
  const { context, events } = makeContext({ stallMs: 600_000 });
  const urls = [hanging, empty, good].map(({ url }) => `${url}/greet-1.0.tar.gz`);
  await fetchSource(context, racedRecipe(urls), pin);
  expect(fs.readFileSync(context.store.layout.source(sha256), "utf8")).toBe(content);
  expect(events.filter(({ kind }) => kind === "mirror-failed")).toEqual([]);
  expect(empty.requests).toHaveLength(1);
});

test("when none has it, all are named, and none is asked again", async () => {
  const [one, other] = [await serve(refuse), await serve(refuse)];
  const { context } = makeContext();
  const error = await failureOf(fetchSource(context, racedRecipe([one.url, other.url]), pin));
  expect(error).toMatchObject({
    code: "SOURCE_UNREACHABLE",
    hints: expect.arrayContaining([`${one.url}: the server answered 404`]),
  });
  expect([one.requests.length, other.requests.length]).toEqual([1, 1]);
});

test("what lies here is taken, unless it is another file of that name", async () => {
  const good = await serve(give);
  const folder = makeDirectory();
  const file = `${folder}/greet-1.0.tar.gz`;
  const urls = [pathToFileURL(file).href, `${good.url}/greet-1.0.tar.gz`];
  fs.writeFileSync(file, "an older archive");
  await fetchSource(makeContext().context, racedRecipe(urls), pin);
  expect(good.requests).toHaveLength(1);
  fs.writeFileSync(file, content);
  await fetchSource(makeContext({ offline: true }).context, racedRecipe(urls), pin);
  expect(good.requests).toHaveLength(1);
});

test("the package index comes before the mirrors, and is asked by the digest", async () => {
  const mirrors = [await serve(refuse), await serve(refuse)];
  const folder = makeDirectory();
  fs.writeFileSync(`${folder}/greet-1.0.tar.gz`, content);
  const { context, directory } = makeContext();
  const python = makePython(directory, { ":env:.find-links": folder, ":env:.no-index": "1" });
  const recipe = racedRecipe(
    mirrors.map(({ url }) => url),
    "greet",
  );
  await fetchSource({ ...context, python }, recipe, pin);
  expect(mirrors.map(({ requests }) => requests.length)).toEqual([0, 0]);
});

test("without a sha256 the index is asked by the name, and a pin is made of what has the sha1", async () => {
  const folder = makeDirectory();
  const { context, directory } = makeContext();
  const python = makePython(directory, { ":env:.find-links": folder, ":env:.no-index": "1" });
  const here = makeDirectory();
  const source = {
    kind: "url",
    urls: [pathToFileURL(`${here}/greet-1.0.tar.gz`).href],
    fileName: "greet-1.0.tar.gz",
    raced: true,
    project: "greet",
    sha1: createHash("sha1").update(content).digest("hex"),
  } as const;
  const pinned = () => pinSource({ ...context, python }, makeRecipe(source));
  fs.writeFileSync(`${folder}/greet-1.0.tar.gz`, "another archive");
  expect(await failureOf(pinned())).toMatchObject({
    code: "SOURCE_UNREACHABLE",
    hints: [expect.stringMatching(/its sha1 is [0-9a-f]{40}, not [0-9a-f]{40}$/)],
  });
  fs.writeFileSync(`${folder}/greet-1.0.tar.gz`, content);
  expect(await pinned()).toMatchObject({ sha256 });
  fs.writeFileSync(`${here}/greet-1.0.tar.gz`, content);
  expect(await pinSource(context, makeRecipe(source))).toMatchObject({ sha256 });
});

test("it comes to the build as it is, under its name", async () => {
  const good = await serve(give);
  const { context } = makeContext();
  const directory = makeDirectory();
  await placeSource(context, racedRecipe([good.url]), pin, directory);
  expect(fs.readdirSync(directory)).toEqual(["greet-1.0.tar.gz"]);
});

test("servers that a list names are asked, too; a list is asked for once", async () => {
  const good = await serve(give);
  const answer: Handler = (_request, reply) =>
    reply.send(200, {}, `['file:///etc/', '${good.url}', "ftp://ftp.test/"]`);
  const [list, broken] = [await serve(answer), await serve(refuse)];
  const { context } = makeContext();
  const recipe = (path: string) => {
    const mirrorLists = [broken, list].map(({ url }) => ({ url: `${url}/mirror_list`, path }));
    return makeRecipe({ kind: "url", urls: [], raced: true, sha256, mirrorLists });
  };
  await fetchSource(context, recipe("spkg/greet.tar.gz"), pin);
  expect(good.requests.map(({ path }) => path)).toContain("/spkg/greet.tar.gz");
  const other = digestOf("another archive");
  await failureOf(fetchSource(context, recipe("other"), { ...pin, sha256: other }));
  expect(list.requests).toHaveLength(1);
});

test("a list that is not to be had is named where no mirror has the file", async () => {
  const list = await serve(refuse);
  const url = `${list.url}/mirror_list`;
  const source = { kind: "url", urls: [], raced: true, sha256 } as const;
  const recipe = makeRecipe({ ...source, mirrorLists: [{ url, path: "x" }] });
  expect(await failureOf(fetchSource(makeContext().context, recipe, pin))).toMatchObject({
    code: "SOURCE_UNREACHABLE",
    hints: expect.arrayContaining([`${url}: the server answered 404`]),
  });
});
