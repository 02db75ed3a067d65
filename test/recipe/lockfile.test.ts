/** The lock file is written and read, and counts only for the source it was made for. */
import { describe, expect, test } from "vitest";
import {
  parseLockfile,
  type Pin,
  pinOf,
  renderLockfile,
  requirePins,
  sourceLine,
  unpinned,
  type Workspace,
} from "../../src/recipe/index.ts";
import { digest, errorOf, read, recipe } from "./workspace-folder.ts";

const script = '[build]\nscript = "true"\n';
const other = "f".repeat(64);
const commit = "0123456789".repeat(4);

const cython: Pin = {
  package: "cython",
  source: "pypi cython 3.1.2 sdist",
  sha256: digest,
  file: "cython-3.1.2.tar.gz",
};
const greet: Pin = {
  package: "a-greet",
  source: "git https://example.org/g.git v1.0",
  sha256: other,
  commit,
};

describe("the text", () => {
  test("is sorted by package, whatever the order", () => {
    expect(renderLockfile([cython, greet])).toBe(
      [
        "# written by `tenon lock`",
        "version = 1",
        "",
        "[[source]]",
        'package = "a-greet"',
        'source = "git https://example.org/g.git v1.0"',
        `sha256 = "${other}"`,
        `commit = "${commit}"`,
        "",
        "[[source]]",
        'package = "cython"',
        'source = "pypi cython 3.1.2 sdist"',
        `sha256 = "${digest}"`,
        'file = "cython-3.1.2.tar.gz"',
        "",
      ].join("\n"),
    );
    expect(renderLockfile([greet, cython])).toBe(renderLockfile([cython, greet]));
  });

  test("is read back as it was", () => {
    const awkward = { ...cython, source: 'url file:///a "b" \\ \u007f é' };
    for (const pins of [[], [cython, greet], [awkward]]) {
      const expected = new Map(pins.map((pin) => [pin.package, pin]));
      expect(parseLockfile(renderLockfile(pins), "/w/tenon.lock")).toEqual(expected);
    }
  });

  test("is refused with its place when it is wrong", () => {
    const error = errorOf(() => parseLockfile("version = 1\nsource = 3\n", "/w/tenon.lock"));
    expect(error).toMatchObject({ kind: "recipe", code: "LOCK_TYPE" });
    expect(error.message).toMatch(/^tenon\.lock:2:10: source is a number; expected a list/);
  });
});

test("every source has a line", () => {
  expect(sourceLine({ kind: "path", path: "/a" })).toBe("path /a");
  expect(sourceLine({ kind: "url", urls: ["https://a/b", "https://c/b"] })).toBe("url https://a/b");
  expect(sourceLine({ kind: "git", repository: "https://a", revision: "v1" })).toBe(
    "git https://a v1",
  );
  const pypi = { kind: "pypi", project: "cython", version: "3.1.2" } as const;
  expect(sourceLine({ ...pypi, distribution: "sdist" })).toBe("pypi cython 3.1.2 sdist");
});

function workspaceWith(source: string, pins: readonly Pin[] = []): Workspace {
  return read({
    "packages/a.toml": recipe("a", `\n[source]\n${source}\n${script}`),
    "tenon.lock": renderLockfile(pins),
  });
}

function pinIn(workspace: Workspace): Pin | undefined {
  const found = workspace.recipes.get("a");
  return found === undefined ? undefined : pinOf(found, workspace.lock);
}

const line = "pypi cython 3.1.2 sdist";
const pypi = 'pypi = "cython"\nversion = "3.1.2"';
const locked: Pin = { package: "a", source: line, sha256: digest, file: "cython-3.1.2.tar.gz" };

describe("a pin", () => {
  test("comes from the lock file", () => {
    expect(pinIn(workspaceWith(pypi, [locked]))).toEqual(locked);
  });

  test("for another source does not count", () => {
    const stale = { ...locked, source: "pypi cython 3.1.1 sdist" };
    expect(pinIn(workspaceWith(pypi, [stale]))).toBeUndefined();
  });

  test("comes from the recipe, which wins", () => {
    const own = `${pypi}\nsha256 = "${other}"`;
    expect(pinIn(workspaceWith(own))).toEqual({ package: "a", source: line, sha256: other });
    expect(pinIn(workspaceWith(own, [locked]))?.sha256).toBe(other);
  });

  test("keeps what the lock file knows when both say the same", () => {
    expect(pinIn(workspaceWith(`${pypi}\nsha256 = "${digest}"`, [locked]))).toEqual(locked);
  });

  test("of a full commit id names the commit", () => {
    const git = `git = "https://a/b"\nrev = "${commit}"\nsha256 = "${digest}"`;
    expect(pinIn(workspaceWith(git))?.commit).toBe(commit);
  });
});

describe("unpinned", () => {
  test.each([
    [pypi, true],
    ['url = "https://example.org/a"', true],
    ['url = "file:///a"', true],
    ['git = "https://a/b"\nrev = "v1"', true],
    [`url = "https://example.org/a"\nsha256 = "${digest}"`, false],
    [`git = "https://a/b"\nrev = "${commit}"`, false],
    ['path = "."', false],
  ])("%s: %s", (source, expected) => {
    expect(unpinned(workspaceWith(source)).map(({ name }) => name)).toEqual(expected ? ["a"] : []);
  });

  test("leaves out what the lock file pins", () => {
    expect(unpinned(workspaceWith(pypi, [locked]))).toEqual([]);
  });
});

describe("requirePins", () => {
  test("names the file and the line of the source", () => {
    const error = errorOf(() => requirePins(workspaceWith(pypi), ["a", "a"]));
    expect(error).toMatchObject({
      kind: "recipe",
      code: "RECIPE_MISSING_DIGEST",
      hints: ["Run `tenon lock`."],
    });
    expect(error.message).toBe(
      'packages/a.toml:4:1: the source of "a" has no digest; ' +
        "expected source.sha256, or a pin in tenon.lock\n    4 | [source]\n      | ^^^^^^^^",
    );
  });

  test("says which source an old pin was for", () => {
    const stale = { ...locked, source: "pypi cython 3.1.1 sdist" };
    const error = errorOf(() => requirePins(workspaceWith(pypi, [stale]), ["a"]));
    expect(error.message).toContain('and its pin is for "pypi cython 3.1.1 sdist"; expected');
  });

  test("asks for the named packages only", () => {
    const workspace = workspaceWith(pypi);
    expect(() => requirePins(workspace, [])).not.toThrow();
    expect(() => requirePins(workspaceWith(pypi, [locked]), ["a"])).not.toThrow();
  });
});
