/** All mistakes are told at once, in order, and none that only follows from another. */
import { describe, expect, test } from "vitest";
import { errorOf, read, recipe } from "./workspace-folder.ts";

const script = '[build]\nscript = "true"\n';

describe("several mistakes", () => {
  const error = errorOf(() =>
    read({
      "tenon.toml": "[workspace]\npyton = 3\n",
      "packages/b.toml": recipe("b", `${script}directory = "/"\n[depends]\nrun = ["x", "y"]\n`),
      "packages/a.toml": recipe("a", `colour = 1\n${script}args = 3\n`),
      "packages/c.toml": "name =\n",
      "tenon.lock": "version = 2\n",
    }),
  );

  test("are told in the order of files and lines", () => {
    const places = error.message.match(/^\S+:\d+:\d+/gm);
    expect(places).toEqual([
      "packages/a.toml:3:1",
      "packages/a.toml:6:8",
      "packages/b.toml:5:13",
      "packages/b.toml:7:8",
      "packages/b.toml:7:13",
      "packages/c.toml:1:7",
      "tenon.lock:1:11",
      "tenon.toml:2:1",
    ]);
  });

  test("give the code of the first, and each hint once", () => {
    expect(error.code).toBe("RECIPE_UNKNOWN_KEY");
    expect(error.hints).toHaveLength(1);
  });
});

describe("nothing is said twice", () => {
  const mistakesIn = (rest: string): number =>
    errorOf(() => read({ "packages/a.toml": recipe("a", rest) })).message.match(/; expected /g)
      ?.length ?? 0;

  test("a misspelt key is not missing too", () => {
    expect(mistakesIn('[build]\nsytem = "make"\n')).toBe(1);
    expect(mistakesIn(`[source]\nulr = "https://example.org/a"\n${script}`)).toBe(1);
  });

  test("a value of a wrong type is not missing too", () => {
    expect(mistakesIn("[build]\nscript = 3\n")).toBe(1);
    expect(mistakesIn(`[source]\nurl = 3\n${script}`)).toBe(1);
    expect(mistakesIn('source = 3\n[build]\nsystem = "make"\n')).toBe(1);
  });

  test("two mistakes side by side are two", () => {
    expect(mistakesIn(`${script}env = { A = 1, B = 2 }\n`)).toBe(2);
    expect(mistakesIn(`[stage]\ndrop = [1, "ok", 2]\n${script}`)).toBe(2);
  });

  test("a dependency whose recipe cannot be read is not unknown", () => {
    const error = errorOf(() =>
      read({
        "packages/a.toml": recipe("a", `[depends]\nrun = ["b"]\n${script}`),
        "packages/b.toml": "broken",
      }),
    );
    expect(error.message.match(/; expected /g)).toHaveLength(1);
  });
});

test("circles that share no package are each told", () => {
  const needs = (name: string, other: string): string =>
    recipe(name, `[depends]\nrun = ["${other}"]\n${script}`);
  const error = errorOf(() =>
    read({
      "packages/a.toml": needs("a", "b"),
      "packages/b.toml": needs("b", "a"),
      "packages/c.toml": needs("c", "d"),
      "packages/d.toml": needs("d", "c"),
      "packages/e.toml": needs("e", "a"),
    }),
  );
  expect(error.message.match(/cycle [^;]+/g)).toEqual(["cycle a → b → a", "cycle c → d → c"]);
});

test("a file that is not UTF-8 is refused where it is damaged", () => {
  const content = Buffer.from('name = "a"\nversion = "\xff"\n', "latin1");
  const error = errorOf(() => read({ "packages/a.toml": content }));
  expect(error.message).toMatch(/^packages\/a\.toml:2:12: this is not UTF-8; expected /);
});

test("a long line is cut around the place, and control characters do not reach a terminal", () => {
  const names = Array.from({ length: 60 }, (_, index) => `"a${index}"`).join(", ");
  const error = errorOf(() =>
    read({ "packages/a.toml": recipe("a", `[stage]\ndrop = [${names}, 7]\n${script}`) }),
  );
  const [, line = "", mark = ""] = error.message.split("\n");
  expect(line.length).toBeLessThan(115);
  expect(line[mark.indexOf("^")]).toBe("7");
  const other = errorOf(() => read({ "packages/a.toml": "\u001b[31m\n" }));
  expect(other.message).not.toContain("\u001b");
});

test("a package described twice names both files", () => {
  const error = errorOf(() =>
    read({ "packages/a.toml": recipe("a"), "packages/a/recipe.toml": recipe("a") }),
  );
  expect(error.code).toBe("RECIPE_DUPLICATE_NAME");
  expect(error.message).toContain("packages/a.toml");
  expect(error.message).toContain("packages/a/recipe.toml");
});
