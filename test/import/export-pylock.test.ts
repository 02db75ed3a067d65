/** A workspace as a pylock.toml: every kind of source, from an index that wants a password. */
import * as fs from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { digestOf } from "../../src/core/index.ts";
import { exportPylock } from "../../src/import/index.ts";
import { createRealWorld } from "../../src/world/index.ts";
import { makeDirectory, removeDirectories, type Server, startServer } from "../source/fixture.ts";

const sha256 = digestOf("a wheel");
const wheel = "a-1-py3-none-any.whl";
const indexPage = JSON.stringify({
  meta: { "api-version": "1.0" },
  files: [{ filename: wheel, url: `../../files/${wheel}`, hashes: { sha256 }, size: 7 }],
});

let root: string;
let server: Server;
beforeEach(async () => {
  root = makeDirectory();
  server = await startServer((_, answer) =>
    answer.send(200, { "content-type": "application/vnd.pypi.simple.v1+json" }, indexPage),
  );
});
afterEach(async () => {
  await server.close();
  removeDirectories();
});

const recipe = (name: string, source: string, more = 'system = "wheel"'): string =>
  `name = "${name}"\nversion = "1"\n${source}\n[build]\n${more}\n`;

function exportOf(
  recipes: Readonly<Record<string, string>>,
  pins: Readonly<Record<string, string>>,
  folder = root,
) {
  const sources = Object.entries(pins).map(
    ([name, pin]) => `[[source]]\npackage = "${name}"\n${pin}\nsha256 = "${sha256}"\n`,
  );
  fs.mkdirSync(`${root}/packages`, { recursive: true });
  fs.mkdirSync(`${root}/local`, { recursive: true });
  fs.writeFileSync(`${root}/tenon.toml`, "");
  fs.writeFileSync(`${root}/tenon.lock`, `version = 1\n${sources.join("")}`);
  for (const [name, text] of Object.entries(recipes))
    fs.writeFileSync(`${root}/packages/${name}.toml`, text);
  const environment = {
    PATH: process.env["PATH"] ?? "",
    HOME: root,
    PIP_CONFIG_FILE: "/dev/null",
    PIP_INDEX_URL: `${server.url.replace("//", "//anna:secret@")}/simple/`,
  };
  return exportPylock(createRealWorld({}), {
    directory: root,
    store: `${root}/store`,
    environment,
    activity: "a test",
    sync: false,
    offline: false,
    emit: () => {},
    packages: [],
    folder,
  });
}

const fromIndex = { package: 'source = "pypi a 1 wheel"' };

test("each project has its one file, and no password is written", async () => {
  const made = await exportOf(
    {
      a: recipe("a", 'source.pypi = "a"'),
      archive: recipe(
        "archive",
        'source.url = "https://u:p@x.test/archive.tar.gz"',
        'system = "python"',
      ),
      lib: recipe("lib", 'source.url = "https://x.test/lib.tar.gz"', 'system = "make"'),
      local: recipe("local", 'source.path = "../local"', 'system = "python"\ndirectory = "py"'),
    },
    {
      a: fromIndex.package,
      archive: 'source = "url https://u:p@x.test/archive.tar.gz"',
      lib: 'source = "url https://x.test/lib.tar.gz"',
    },
    `${root}/out`,
  );
  expect(made.leftOut).toEqual(["lib"]);
  expect(made.pylock.packages).toEqual([
    {
      name: "a",
      version: "1",
      index: `${server.url}/simple`,
      wheels: [{ name: wheel, url: `${server.url}/files/${wheel}`, size: 7, sha256 }],
    },
    { name: "archive", version: "1", archive: { url: "https://x.test/archive.tar.gz", sha256 } },
    { name: "local", version: "1", directory: { path: "../local", subdirectory: "py" } },
  ]);
  expect(made.text).not.toMatch(/secret|anna|u:p/);
  expect(server.requests[0]?.headers.authorization).toBeDefined();
});

test("what the index does not have any more is refused", () =>
  expect(
    exportOf({ b: recipe("b", 'source.pypi = "b"') }, { b: 'source = "pypi b 1 wheel"' }),
  ).rejects.toMatchObject({ message: expect.stringContaining("b") }));

test("what has no pin is told, with the command that pins it", () =>
  expect(exportOf({ a: recipe("a", 'source.pypi = "a"') }, {})).rejects.toMatchObject({
    hints: [expect.stringContaining("tenon lock")],
  }));
