/** Each kind of error has its exit code. */
import { expect, test } from "vitest";
import { exitCodeOf } from "../../src/cli/exit-codes.ts";
import { type ErrorKind, TenonError } from "../../src/core/index.ts";
import { DiskError } from "../../src/world/index.ts";

test.each<[ErrorKind, number]>([
  ["usage", 2],
  ["recipe", 2],
  ["source", 1],
  ["conflict", 3],
  ["machine", 4],
  ["internal", 70],
])("%s gives %d", (kind, code) => {
  expect(exitCodeOf(new TenonError({ kind, code: "X", message: "x" }))).toBe(code);
});

test("a refusal of the disk is the machine's; anything else a defect", () => {
  expect(exitCodeOf(new DiskError({ code: "EIO", operation: "read", path: "/x" }))).toBe(4);
  expect(exitCodeOf(new TypeError("x"))).toBe(70);
  expect(exitCodeOf("x")).toBe(70);
});
