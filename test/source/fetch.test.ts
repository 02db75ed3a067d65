/** Bringing sources into the store. */
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { afterEach, expect, test } from "vitest";
import { digestOf } from "../../src/core/index.ts";
import type { Pin } from "../../src/recipe/index.ts";
import { fetchSource, pinSource } from "../../src/source/index.ts";
import {
  failureOf,
  makeContext,
  makeRecipe,
  namesIn,
  removeDirectories,
  type Server,
  startServer,
} from "./fixture.ts";

const servers: Server[] = [];
const content = "a source";
const sha256 = digestOf(content);

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  removeDirectories();
});

/** Answers so late that a second process has to wait. */
async function serveSlowly(): Promise<Server> {
  const server = await startServer(
    (_request, answer) => void setTimeout(() => answer.send(200, {}, content), 150),
  );
  servers.push(server);
  return server;
}

const recipeAt = (url: string) => makeRecipe({ kind: "url", urls: [`${url}/greet-1.0.bin`] });
const pinAt = (url: string): Pin => ({ package: "greet", source: `url ${url}`, sha256 });

test("a source is fetched once, and then it is there", async () => {
  const server = await serveSlowly();
  const { context, directory } = makeContext();
  const recipe = recipeAt(server.url);
  await fetchSource(context, recipe, pinAt(server.url));
  await fetchSource(context, recipe, pinAt(server.url));
  await fetchSource({ ...context, offline: true }, recipe, pinAt(server.url));
  expect(fs.readFileSync(context.store.layout.source(sha256), "utf8")).toBe(content);
  expect(server.requests.length).toBe(1);
  expect(namesIn(`${directory}/store/scratch`)).toEqual([]);
});

test("pinning a URL leaves the file in the store", async () => {
  const server = await serveSlowly();
  const { context } = makeContext();
  const recipe = recipeAt(server.url);
  const pin = await pinSource(context, recipe);
  expect(pin).toEqual({
    package: "greet",
    source: `url ${server.url}/greet-1.0.bin`,
    sha256,
  });
  await fetchSource(context, recipe, pin);
  expect(server.requests.length).toBe(1);
});

test("two in one process fetch the same source once", async () => {
  const server = await serveSlowly();
  const { context, events } = makeContext();
  const fetch = () => fetchSource(context, recipeAt(server.url), pinAt(server.url));
  await Promise.all([fetch(), fetch()]);
  expect(server.requests.length).toBe(1);
  expect(events.some(({ kind }) => kind === "lock-awaited")).toBe(true);
});

/** The room as a program of its own, which takes the store's folder and an address. */
function bundleProgram(file: string): void {
  const root = new URL("../../src/source/", import.meta.url);
  const contents = `
    import { fetchSource } from "./index.ts";
    import { openStore } from "../store/index.ts";
    import { createRealWorld } from "../world/index.ts";
    const [folder, recipe, pin] = process.argv.slice(2).map((text) => JSON.parse(text));
    const world = createRealWorld({});
    const store = openStore(world, folder, { sync: false });
    const context = { world, store, python: "python3", environment: {}, offline: false };
    await fetchSource(context, recipe, pin);
  `;
  const here = JSON.stringify(new URL("x.mjs", root).href);
  const require = `import * as nodeModule from "node:module"; const require = nodeModule.createRequire(${here});`;
  buildSync({
    stdin: { contents, resolveDir: fileURLToPath(root), loader: "ts" },
    bundle: true,
    platform: "node",
    format: "esm",
    outfile: file,
    define: { "import.meta.url": here },
    banner: { js: require },
  });
}

test("two processes fetch the same source once", async () => {
  const server = await serveSlowly();
  const { context, directory } = makeContext();
  bundleProgram(`${directory}/program.mjs`);
  const store = `${directory}/store`;
  const words = [store, recipeAt(server.url), pinAt(server.url)].map((word) =>
    JSON.stringify(word),
  );
  const start = (): Promise<unknown> =>
    new Promise((resolve) => {
      const args = [`${directory}/program.mjs`, ...words];
      spawn(process.execPath, args, { stdio: "inherit" }).once("close", resolve);
    });
  expect(await Promise.all([start(), start()])).toEqual([0, 0]);
  expect(server.requests.length).toBe(1);
  expect(context.store.hasSource(sha256)).toBe(true);
});

test("a wrong source names its package and recipe, and is not stored (I11)", async () => {
  const server = await serveSlowly();
  const { context } = makeContext();
  const pin = { ...pinAt(server.url), sha256: digestOf("another") };
  const error = await failureOf(fetchSource(context, recipeAt(server.url), pin));
  expect(error).toMatchObject({ kind: "source", code: "SOURCE_MISMATCH" });
  expect(error.message).toContain("greet (/stack/packages/greet.toml)");
  expect(context.store.hasSource(pin.sha256)).toBe(false);
  expect(context.store.hasSource(sha256)).toBe(false);
});
