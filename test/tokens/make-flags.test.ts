/** What MAKEFLAGS says of the make that started tenon. */
import { expect, test } from "vitest";
import { readMakeFlags } from "../../src/tokens/index.ts";

test.each([
  ["", {}],
  ["w", {}],
  ["w -j3 --jobserver-auth=3,4", { address: "3,4", jobs: 3 }],
  [" -j12 --jobserver-auth=fifo:/tmp/GMfifo1", { address: "fifo:/tmp/GMfifo1", jobs: 12 }],
  ["-j2 --jobserver-fds=5,6", { address: "5,6", jobs: 2 }],
  ["--jobserver-auth=3,4 -j --jobserver-auth=8,9", { address: "8,9" }],
  ["k -- X=-j9 Y=--jobserver-auth=1,2", {}],
  ["-- --jobserver-auth=1,2", {}],
])("%j", (flags, expected) => {
  expect(readMakeFlags(flags)).toEqual(expected);
});
