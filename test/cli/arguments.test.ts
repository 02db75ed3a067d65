/** Arguments as people write them become those that the commands read. */
import { expect, test } from "vitest";
import { normalizeArguments } from "../../src/cli/arguments.ts";

test.each([
  ["build -j8", "build -j 8"],
  ["build -j 8", "build -j 8"],
  ["-j8 build zlib", "build -j 8 zlib"],
  ["build -C../x", "build -C ../x"],
  ["-C dir build", "build -C dir"],
  ["-C dir --prefix=/p build a", "build -C dir --prefix=/p a"],
  ["--prefix /p list --json", "list --prefix /p --json"],
  ["build --check a", "build --check=require a"],
  ["build --check=warn", "build --check=warn"],
  ["--sage co build a", "build --sage co a"],
  ["--version", "--version"],
  ["build -- -j8", "build -- -j8"],
  ["-C dir", "--help"],
  ["-C", "--help"],
  ["", "--help"],
])("%s", (typed, read) => {
  expect(normalizeArguments(typed.split(" ").filter(Boolean)).join(" ")).toBe(read);
});
