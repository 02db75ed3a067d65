/** What pip on this machine says of its index. */
import * as fs from "node:fs";
import { afterAll, expect, test } from "vitest";
import { readPipIndex } from "../../src/source/index.ts";
import { createRealWorld } from "../../src/world/index.ts";
import { failureOf, makeDirectory, removeDirectories, run } from "./fixture.ts";

afterAll(removeDirectories);

const world = createRealWorld({});
const base = { PATH: process.env["PATH"] ?? "", HOME: "/nowhere", PIP_CONFIG_FILE: "/dev/null" };

test("pip's own default where nothing is configured", async () => {
  const index = await readPipIndex(world, "python3", base);
  expect(index.indexes.length).toBe(1);
  expect(index.indexes[0]?.url).toMatch(/^https:\/\/\S+\/simple\/?$/);
  expect(index.folders).toEqual([]);
});

test("the environment and the configuration file, credentials apart", async () => {
  const directory = makeDirectory();
  const file = `${directory}/pip.conf`;
  fs.writeFileSync(
    file,
    `[global]\nindex-url = https://from.test/file\nfind-links =\n  ${directory}/one\n` +
      `  file://${directory}/two\n  http://links.test/page\n`,
  );
  const index = await readPipIndex(world, "python3", {
    ...base,
    PIP_CONFIG_FILE: file,
    PIP_INDEX_URL: "https://anna:s%40cret@from.test/simple",
    PIP_EXTRA_INDEX_URL: "http://more.test/a http://more.test/b",
  });
  expect(index).toEqual({
    indexes: [
      {
        url: "https://from.test/simple",
        authorization: `Basic ${Buffer.from("anna:s@cret").toString("base64")}`,
      },
      { url: "http://more.test/a" },
      { url: "http://more.test/b" },
    ],
    folders: [`${directory}/one`, `${directory}/two`],
    pages: [{ url: "http://links.test/page" }],
  });
});

test("no index at all", async () => {
  const index = await readPipIndex(world, "python3", { ...base, PIP_NO_INDEX: "1" });
  expect(index.indexes).toEqual([]);
});

test("an interpreter without pip asks the one that it carries", async () => {
  const directory = makeDirectory();
  run("python3", ["-m", "venv", "--without-pip", `${directory}/venv`], directory);
  const environment = { ...base, PIP_INDEX_URL: "https://from.test/simple" };
  const index = await readPipIndex(world, `${directory}/venv/bin/python`, environment);
  expect(index.indexes).toEqual([{ url: "https://from.test/simple" }]);
});

test("no interpreter, or one without any pip, is the machine's lack", async () => {
  expect(await failureOf(readPipIndex(world, "/nowhere/python", base))).toMatchObject({
    kind: "machine",
    code: "PYTHON_MISSING",
  });
  const file = `${makeDirectory()}/python`;
  fs.writeFileSync(file, "#!/bin/sh\nexit 3\n", { mode: 0o755 });
  expect(await failureOf(readPipIndex(world, file, base))).toMatchObject({
    kind: "machine",
    code: "PIP_MISSING",
  });
});
