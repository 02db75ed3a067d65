/** An error, in words. */
import { expect, test } from "vitest";
import { TenonError } from "../../src/core/index.ts";
import { makeStyle, renderError } from "../../src/report/index.ts";
import { DiskError } from "../../src/world/index.ts";

const style = makeStyle(false);

test("what is wrong, then what to do", () => {
  const error = new TenonError({
    kind: "usage",
    code: "X",
    message: "no recipe is called zlb",
    hints: ["Did you mean zlib?", "Or see `tenon graph`."],
  });
  expect(renderError(error, style)).toEqual([
    "error: no recipe is called zlb",
    "  hint: Did you mean zlib?",
    "  hint: Or see `tenon graph`.",
  ]);
});

test("the machine's refusal names operation and path, and is no defect", () => {
  const error = new DiskError({ code: "ENOSPC", operation: "create", path: "/p/x" });
  expect(renderError(error, style)).toEqual([
    "error: create /p/x: no space left on the device (ENOSPC)",
  ]);
});

test.each([
  ["an error", new TypeError("x is undefined")],
  ["a broken assertion", new TenonError({ kind: "internal", code: "ASSERTION", message: "x" })],
])("%s is a defect of tenon, told with where it was", (_what, error) => {
  const lines = renderError(error, style);
  expect(lines[0]).toBe("error: this is a defect in tenon");
  expect(lines.join("\n")).toContain("error-text.test.ts");
  expect(lines.at(-1)).toMatch(/^ {2}hint: Please report it/);
});

test("what is thrown and no error is shown too", () => {
  expect(renderError("text", style)).toContain("  text");
});

test("each line of a message is one, whatever its words are", () => {
  const message = ["a.toml:1: wrong", "  1 | x"];
  const error = new TenonError({ kind: "recipe", code: "X", message });
  expect(error.message).toBe("a.toml:1: wrong\n  1 | x");
  expect(renderError(error, style)).toEqual(["error: a.toml:1: wrong", "  1 | x"]);
});
