/** A command line or environment that is not UTF-8 is refused. */
import { expect, test } from "vitest";
import { refuseDamagedText } from "../../src/cli/damaged-text.ts";
import { createSimulatedWorld } from "../../src/world/simulated/index.ts";

/** What the kernel knows, and what Node makes of it. */
function judge(given: { args?: Buffer[]; env?: Record<string, Buffer>; directory?: string }): void {
  const { args = [], env = {}, directory = "/w" } = given;
  const { disk } = createSimulatedWorld();
  const join = (parts: Buffer[]): Buffer => Buffer.concat(parts.flatMap((part) => [part, zero]));
  const zero = Buffer.from("\0");
  const variables = Object.entries(env);
  disk.plant("/", { "proc/self/cwd/file": "", "w/file": "", "\uFFFD/file": "" });
  disk.createFile("/proc/self/cmdline", join([Buffer.from("node"), Buffer.from("x.js"), ...args]));
  disk.createFile(
    "/proc/self/environ",
    join(variables.map(([name, value]) => Buffer.concat([Buffer.from(`${name}=`), value]))),
  );
  refuseDamagedText(disk, {
    arguments: args.map(String),
    currentDirectory: directory,
    environment: Object.fromEntries(variables.map(([name, value]) => [name, String(value)])),
  });
}

const latin = Buffer.from([0x70, 0xff]);
const written = Buffer.from("p\uFFFD");

test.each([
  ["an argument", { args: [Buffer.from("list"), latin] }, "the argument p\uFFFD is not UTF-8"],
  ["a store", { env: { TENON_STORE: latin } }, "the variable TENON_STORE is not UTF-8"],
  ["a home", { env: { HOME: latin } }, "the variable HOME is not UTF-8"],
  ["the current folder", { directory: "/\uFFFD" }, "the current folder /\uFFFD is not UTF-8"],
])("%s that is not UTF-8 is refused", (_what, given, words) => {
  expect(() => judge(given)).toThrow(words);
});

test.each([
  ["good arguments", { args: [Buffer.from("list"), Buffer.from("naïve")] }],
  ["the character for damage itself", { args: [written], env: { HOME: written } }],
  ["a variable that names no folder of tenon's", { env: { OTHER: latin } }],
])("%s are taken", (_what, given) => {
  expect(() => judge(given)).not.toThrow();
});
