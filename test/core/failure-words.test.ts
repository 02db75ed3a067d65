/** What is known of a failure, in words. */
import { expect, test } from "vitest";
import { showKnown, showSeen } from "../../src/core/index.ts";

const seen = { times: 1, firstAtMs: Date.UTC(2026, 2, 1), lastRun: "r", otherPackages: [] };

test("since when, how often, and where else", () => {
  expect(showSeen(seen)).toBe("1 time since 2026-03-01, last in run r");
  expect(showSeen({ ...seen, times: 3, otherPackages: ["zlib", "curl"] })).toBe(
    "3 times since 2026-03-01, last in run r, also in zlib, curl",
  );
});

test("a note, a link, both or neither", () => {
  expect(showKnown({ note: "Wait.", link: "https://x" })).toBe("Wait. https://x");
  expect(showKnown({ link: "https://x" })).toBe("https://x");
  expect(showKnown(undefined)).toBe("");
});
