/** Sizes and times as people write them. */
import { expect, test } from "vitest";
import { bytesOf, timeSpanOf } from "../../src/core/index.ts";

test.each([
  ["1", 1],
  ["0", 0],
  ["2K", 2048],
  ["1.5MiB", 1_572_864],
  ["10GB", 10 * 2 ** 30],
  ["G", undefined],
  ["-1", undefined],
  ["1 G", undefined],
])("a size %s", (text, bytes) => expect(bytesOf(text)).toBe(bytes));

test.each([
  ["12h", 43_200_000],
  ["14d", 14 * 86_400_000],
  ["8w", 56 * 86_400_000],
  ["14", undefined],
  ["1m", undefined],
  ["d", undefined],
])("a time %s", (text, ms) => expect(timeSpanOf(text)).toBe(ms));
