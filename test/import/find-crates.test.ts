/** Where a project with Rust in it locks its crates. */
import { expect, test } from "vitest";
import { findCrates } from "../../src/import/find-crates.ts";
import { createSimulatedWorld, plantTree } from "../../src/world/simulated/index.ts";

function findIn(...files: string[]): string | undefined {
  const { disk } = createSimulatedWorld({});
  const tree = Object.fromEntries(files.map((file) => [file, ""]));
  plantTree(disk, "/source", tree);
  return findCrates(disk, "/source");
}

test.each<[string[], string | undefined]>([
  [["Cargo.toml", "Cargo.lock", "a/Cargo.toml", "a/Cargo.lock"], "Cargo.lock"],
  [["Cargo.toml", "src/rust/Cargo.toml", "src/rust/Cargo.lock"], "src/rust/Cargo.lock"],
  [["b/Cargo.toml", "b/Cargo.lock", "a/c/Cargo.toml", "a/c/Cargo.lock"], "b/Cargo.lock"],
  [["b/Cargo.lock", "pyproject.toml"], undefined],
  [[".cache/Cargo.toml", ".cache/Cargo.lock"], undefined],
  [["a/b/c/d/e/Cargo.toml", "a/b/c/d/e/Cargo.lock"], undefined],
])("%j: %s", (files, expected) => expect(findIn(...files)).toBe(expected));
