/** Colours. */
import { expect, test } from "vitest";
import { makeStyle } from "../../src/report/index.ts";

test("colour depends on nothing but what was asked for", () => {
  expect(makeStyle(true).bad("x")).toBe("\u001b[31mx\u001b[39m");
  expect(makeStyle(true).strong("x")).toBe("\u001b[1mx\u001b[22m");
  expect(makeStyle(false).bad("x")).toBe("x");
});
