/** A workspace as a requirements.txt: what is in it, what is left out, and that it is read back. */
import { expect, test } from "vitest";
import { renderRequirements } from "../../src/import/export-requirements.ts";
import { readRequirementsFile } from "../../src/import/requirements-file.ts";
import { sourceLine } from "../../src/recipe/index.ts";
import type { Pin, Recipe, Source } from "../../src/recipe/index.ts";

const digest = "0123456789abcdef".repeat(4);

interface Part {
  readonly system?: Recipe["build"]["system"];
  readonly source?: Source;
  readonly build?: readonly string[];
  readonly run?: readonly string[];
}

function pypi(project: string, distribution: "sdist" | "wheel"): Source {
  return { kind: "pypi", project, version: "1.0", distribution };
}

function workspaceOf(parts: Readonly<Record<string, Part>>) {
  const recipes = new Map(
    Object.entries(parts).map(([name, part]): [string, Recipe] => [
      name,
      {
        name,
        version: "1.0",
        file: "",
        ...(part.source === undefined ? {} : { source: part.source }),
        patches: [],
        depends: { build: part.build ?? [], run: part.run ?? [] },
        build: { system: part.system ?? "wheel", args: [], env: {} },
        stage: { drop: [], takesOver: [] },
      },
    ]),
  );
  const lock = new Map(
    [...recipes.values()].flatMap(({ name, source }): [string, Pin][] =>
      source?.kind === "pypi"
        ? [[name, { package: name, source: sourceLine(source), sha256: digest }]]
        : [],
    ),
  );
  return { recipes, lock };
}

const stack = workspaceOf({
  app: { source: pypi("app", "wheel"), run: ["cparts", "zlib"] },
  cparts: {
    system: "python",
    source: pypi("cparts", "sdist"),
    build: ["setuptools", "python-venv"],
    run: ["local"],
  },
  setuptools: { source: pypi("setuptools", "wheel") },
  "python-venv": { system: "python-venv" },
  zlib: { system: "make", source: { kind: "url", urls: ["https://x.org/zlib.tgz"] } },
  local: { system: "python", source: { kind: "path", path: "/w/local" } },
  net: {
    system: "python",
    source: { kind: "git", repository: "https://x.org/net", revision: "v1" },
  },
});

test("projects with their digests; what is only built with is not there", () => {
  expect(renderRequirements(stack, { roots: ["app"], hashes: true })).toEqual({
    lines: [
      "--no-binary cparts",
      "app==1.0 \\",
      `    --hash=sha256:${digest}`,
      "cparts==1.0 \\",
      `    --hash=sha256:${digest}`,
    ],
    leftOut: ["local", "zlib"],
    unhashed: [],
  });
});

test("pip takes digests of all or of none: a repository has none", () => {
  expect(renderRequirements(stack, { hashes: true })).toMatchObject({
    lines: ["--no-binary cparts", "app==1.0", "cparts==1.0", "net @ git+https://x.org/net@v1"],
    unhashed: ["net"],
  });
});

test("no password is written", () => {
  const secret = workspaceOf({
    archive: { system: "python", source: { kind: "url", urls: ["https://u:p@x.org/a.tar.gz"] } },
    net: {
      system: "python",
      source: { kind: "git", repository: "https://token@x.org/net", revision: "v1" },
    },
  });
  expect(renderRequirements(secret, { hashes: false }).lines).toEqual([
    "archive @ https://x.org/a.tar.gz",
    "net @ git+https://x.org/net@v1",
  ]);
});

test("only what is named, with what it needs", () => {
  const { lines, leftOut } = renderRequirements(stack, { roots: ["cparts"], hashes: false });
  expect(lines).toEqual(["--no-binary cparts", "cparts==1.0"]);
  expect(leftOut).toEqual(["local"]);
});

test("it is read back as it was meant", () => {
  const { lines } = renderRequirements(stack, { roots: ["app"], hashes: true });
  const mistakes: never[] = [];
  const wanted = readRequirementsFile(
    { file: "/w/r.txt", shownAs: "r.txt", content: Buffer.from(lines.join("\n")) } as never,
    { environment: {}, mistakes, readIncluded: () => undefined } as never,
  );
  expect(mistakes).toEqual([]);
  expect(wanted.requirements.map(({ name, specifier }) => `${name}${specifier}`)).toEqual([
    "app==1.0",
    "cparts==1.0",
  ]);
  expect(wanted.noBinary).toEqual(["cparts"]);
  expect([...(wanted.digests.get("app") ?? [])]).toEqual([digest]);
});
