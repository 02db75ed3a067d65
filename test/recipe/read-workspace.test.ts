/** What good workspaces and recipes are read as. */
import * as fs from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findWorkspace, readWorkspace } from "../../src/recipe/index.ts";
import { digest, disk, errorOf, makeFolder, read, recipe } from "./workspace-folder.ts";

const script = '[build]\nscript = "true"\n';

describe("tenon.toml", () => {
  test("may be empty", () => {
    const folder = makeFolder({});
    expect(readWorkspace(disk, folder)).toEqual({
      file: join(folder, "tenon.toml"),
      directory: folder,
      prefix: join(folder, "prefix"),
      python: "python3",
      link: "reflink",
      hostLibraries: "warn",
      systemLibraries: [],
      env: {},
      recipes: new Map(),
      texts: new Map(),
      knownFailures: [],
      lock: new Map(),
    });
  });

  test("gives paths relative to itself", () => {
    const folder = makeFolder({
      "tenon.toml":
        '[workspace]\nprefix = "../p"\nrecipes = "r"\npython = "bin/python"\nstore = "/s"\n' +
        'path = ["tools", "/usr/bin"]\nlink = "hardlink"\nenv = { LANG = "C" }\n' +
        '[check]\nhost-libraries = "refuse"\nsystem-libraries = ["libGL.so.1"]\n',
      "r/a.toml": recipe("a"),
    });
    const workspace = readWorkspace(disk, folder);
    expect(workspace).toMatchObject({
      prefix: join(folder, "../p"),
      python: join(folder, "bin/python"),
      store: "/s",
      path: [join(folder, "tools"), "/usr/bin"],
      link: "hardlink",
      env: { LANG: "C" },
      hostLibraries: "refuse",
      systemLibraries: ["libGL.so.1"],
    });
    expect([...workspace.recipes.keys()]).toEqual(["a"]);
  });

  test("loses its prefix to the option", () => {
    const folder = makeFolder({ "tenon.toml": '[workspace]\nprefix = "p"\n' });
    expect(readWorkspace(disk, folder, { prefix: "/other" }).prefix).toBe("/other");
  });

  test("can be read alone", () => {
    const folder = makeFolder({ "packages/a.toml": "broken", "tenon.lock": "broken" });
    expect(readWorkspace(disk, folder, { recipes: false }).recipes.size).toBe(0);
  });

  test("must be there", () => {
    const folder = makeFolder({});
    fs.unlinkSync(join(folder, "tenon.toml"));
    const error = errorOf(() => readWorkspace(disk, folder));
    expect(error).toMatchObject({ kind: "recipe", code: "WORKSPACE_MISSING" });
    expect(error.message).toBe(`${folder} holds no tenon.toml`);
  });

  test("is found from a folder below", () => {
    const folder = makeFolder({ "packages/a/recipe.toml": recipe("a") });
    expect(findWorkspace(disk, join(folder, "packages/a"))).toBe(folder);
    expect(findWorkspace(disk, folder)).toBe(folder);
    expect(findWorkspace(disk, "/")).toBeUndefined();
  });
});

describe("a recipe", () => {
  test("with every key", () => {
    const folder = makeFolder({
      "packages/a/recipe.toml":
        'name = "a"\nversion = "1.0"\n' +
        `[source]\nurls = ["https://example.org/a.tgz", "file:///a.tgz"]\nsha256 = "${digest}"\n` +
        'patches = ["x.patch"]\n[depends]\nbuild = ["b"]\nrun = ["c"]\n' +
        '[build]\nsystem = "cmake"\nargs = ["-DX=1"]\nenv = { CFLAGS = "-O2" }\ndirectory = "c/d"\n' +
        '[check]\nscript = "ctest"\nhost-libraries = "allow"\n[stage]\ndrop = ["share/doc"]\ntakes-over = ["bin/x"]\n',
      "packages/a/x.patch": "",
      "packages/b.toml": recipe("b"),
      "packages/c.toml": recipe("c"),
    });
    const { recipes } = readWorkspace(disk, folder);
    expect([...recipes.keys()]).toEqual(["a", "b", "c"]);
    expect(recipes.get("a")).toEqual({
      name: "a",
      version: "1.0",
      file: join(folder, "packages/a/recipe.toml"),
      source: {
        kind: "url",
        urls: ["https://example.org/a.tgz", "file:///a.tgz"],
        sha256: digest,
      },
      patches: [join(folder, "packages/a/x.patch")],
      depends: { build: ["b"], run: ["c"] },
      build: { system: "cmake", args: ["-DX=1"], env: { CFLAGS: "-O2" }, directory: "c/d" },
      check: "ctest",
      hostLibraries: "allow",
      stage: { drop: ["share/doc"], takesOver: ["bin/x"] },
    });
  });

  test("with a script needs no system and no source", () => {
    const found = read({ "packages/a.toml": recipe("a") }).recipes.get("a");
    expect(found?.build).toEqual({ system: "script", script: "true", args: [], env: {} });
    expect(found).not.toHaveProperty("source");
  });

  test("has paths relative to its own file", () => {
    const folder = makeFolder({
      "src/a/x": "",
      "packages/a.toml": recipe("a", `[source]\npath = "../src/a"\n${script}`),
    });
    const found = readWorkspace(disk, folder).recipes.get("a");
    expect(found?.source).toEqual({ kind: "path", path: join(folder, "src/a") });
  });

  test.each([
    ['git = "https://example.org/a.git"\nrev = "v1.0"', { kind: "git", revision: "v1.0" }],
    ['git = "git@example.org:a/b.git"\nrev = "v1.0"', { repository: "git@example.org:a/b.git" }],
    ['pypi = "Zope.Interface__x"', { project: "zope-interface-x", version: "1.0" }],
    ['pypi = "a"\nversion = "2"', { kind: "pypi", version: "2", distribution: "sdist" }],
    ['pypi = "a"\nwheel = true', { distribution: "wheel" }],
    ['url = "https://example.org/a.tgz"', { kind: "url", urls: ["https://example.org/a.tgz"] }],
  ])("with the source %s", (source, expected) => {
    const { recipes } = read({ "packages/a.toml": recipe("a", `[source]\n${source}\n${script}`) });
    expect(recipes.get("a")?.source).toMatchObject(expected);
  });

  test.each([
    ['pypi = "a"', { distribution: "wheel" }],
    ['url = "https://example.org/a-1-py3-none-any.whl#x"', { kind: "url" }],
    ['path = "a-1-py3-none-any.whl"', { kind: "path" }],
  ])("of the system wheel with the source %s", (source, expected) => {
    const { recipes } = read({
      "packages/a-1-py3-none-any.whl": "",
      "packages/a.toml": recipe("a", `[source]\n${source}\n[build]\nsystem = "wheel"\n`),
    });
    expect(recipes.get("a")?.source).toMatchObject(expected);
  });

  test("may be written with a byte order mark, CRLF and inline tables", () => {
    const text =
      '\u{FEFF}name = "a"\r\nversion = "1.0"\r\nbuild = { system = "script", script = "true" }\r\n';
    expect(read({ "packages/a.toml": text }).recipes.get("a")?.build.script).toBe("true");
  });

  test("is not looked for in hidden files and other folders", () => {
    const { recipes } = read({
      "packages/.a.toml": "broken",
      "packages/patches/x.patch": "",
      "packages/notes.txt": "broken",
      "packages/tool.toml/recipe.toml": recipe("tool.toml"),
    });
    expect([...recipes.keys()]).toEqual(["tool.toml"]);
  });

  test("may lie beside tenon.toml", () => {
    const { recipes } = read({
      "tenon.toml": '[workspace]\nrecipes = "."\n',
      "a.toml": recipe("a"),
    });
    expect([...recipes.keys()]).toEqual(["a"]);
  });
});

describe("python-venv", () => {
  const python = (rest = ""): string =>
    recipe("p", `[source]\npath = "."\n[build]\nsystem = "python"\n${rest}`);

  test("is built in, and a run dependency of every Python package", () => {
    const { recipes } = read({ "packages/p.toml": python(), "packages/z.toml": recipe("z") });
    expect([...recipes.keys()]).toEqual(["p", "python-venv", "z"]);
    expect(recipes.get("p")?.depends.run).toEqual(["python-venv"]);
    expect(recipes.get("z")?.depends.run).toEqual([]);
    expect(recipes.get("python-venv")).toMatchObject({
      version: "1",
      file: "",
      build: { system: "python-venv" },
    });
  });

  test("is not added twice", () => {
    const text = python('[depends]\nrun = ["python-venv"]\n');
    const { recipes } = read({ "packages/p.toml": text });
    expect(recipes.get("p")?.depends.run).toEqual(["python-venv"]);
  });

  test("is there when a recipe of another system names it, and else not", () => {
    const text = recipe("a", `[depends]\nbuild = ["python-venv"]\n${script}`);
    expect(read({ "packages/a.toml": text }).recipes.has("python-venv")).toBe(true);
    expect(read({ "packages/a.toml": recipe("a") }).recipes.has("python-venv")).toBe(false);
  });

  test("may be described by a recipe", () => {
    const { recipes } = read({
      "packages/p.toml": python(),
      "packages/python-venv.toml": recipe("python-venv"),
    });
    expect(recipes.get("python-venv")?.version).toBe("1.0");
  });
});

test("ten thousand recipes are read", () => {
  const files: Record<string, string> = {};
  for (let index = 0; index < 10_000; index += 1) {
    const needed = [index - 1, index - 50].filter((other) => other >= 0);
    const list = needed.map((other) => `"p${other}"`).join(", ");
    files[`packages/p${index}.toml`] = recipe(`p${index}`, `depends.run = [${list}]\n${script}`);
  }
  const { recipes } = read(files);
  expect(recipes.size).toBe(10_000);
  expect(recipes.get("p9999")?.depends.run).toEqual(["p9998", "p9949"]);
});

test("a recipe has its version in its source by name", () => {
  const { recipes } = read({
    "packages/a.toml":
      'name = "a"\nversion = "1.2"\n[source]\nurls = ["https://x.org/${VERSION}/a-${VERSION}.tgz"]\n[build]\nsystem = "make"\n',
    "packages/b.toml":
      'name = "b"\nversion = "2"\n[source]\ngit = "https://x.org/b"\nrev = "v${VERSION}"\n[build]\nsystem = "make"\n',
  });
  expect(recipes.get("a")?.source).toMatchObject({ urls: ["https://x.org/1.2/a-1.2.tgz"] });
  expect(recipes.get("b")?.source).toMatchObject({ revision: "v2" });
});
