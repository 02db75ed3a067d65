/** Which prefix is meant where none is named and there is no workspace. */
import { expect, test } from "vitest";
import { activatedPrefix } from "../../src/workspace/activated.ts";

test.each<[string, Record<string, string>, string | undefined]>([
  ["nothing", {}, undefined],
  ["a virtual environment", { VIRTUAL_ENV: "/v", PATH: "/v/bin:/usr/bin" }, "/v"],
  ["one whose programs are not on PATH", { VIRTUAL_ENV: "/v", PATH: "/usr/bin" }, "/v"],
  ["a prefix of tenon's", { TENON_PREFIX: "/p", PATH: "/p/bin:/usr/bin" }, "/p"],
  [
    "two: the later one",
    { TENON_PREFIX: "/p", VIRTUAL_ENV: "/v", PATH: "/v/bin:/p/bin:/usr/bin" },
    "/v",
  ],
  [
    "two: the later one",
    { TENON_PREFIX: "/p", VIRTUAL_ENV: "/v", PATH: "/p/bin:/v/bin:/usr/bin" },
    "/p",
  ],
  ["no absolute path", { VIRTUAL_ENV: "v", PATH: "v/bin" }, undefined],
])("%s", (_what, environment, prefix) => {
  expect(activatedPrefix(environment)).toBe(prefix);
});
