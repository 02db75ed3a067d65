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
  // What a command runs has options of its own.
  ["run make -j8 --help", "run -- make -j8 --help"],
  ["run -C../x --prefix /p make -C y", "run -C ../x --prefix /p -- make -C y"],
  ["-C dir run sh -c x", "run -C dir -- sh -c x"],
  ["-Cdir run sh -c x", "run -C dir -- sh -c x"],
  ["run -- make -j8", "run -- make -j8"],
  ["run --help", "run --help"],
  ["shell zlib sh -c x", "shell zlib -- sh -c x"],
  ["shell -j2 zlib --step build make -j8", "shell -j 2 zlib --step build -- make -j8"],
  ["shell --step=build zlib make --help", "shell --step=build zlib -- make --help"],
  ["shell zlib", "shell zlib"],
  ["help build", "build --help"],
  ["help", "--help"],
  ["-C dir help", "--help"],
  ["-C dir", "--help"],
  ["-C", "--help"],
  ["", "--help"],
])("%s", (typed, read) => {
  expect(normalizeArguments(typed.split(" ").filter(Boolean)).join(" ")).toBe(read);
});
