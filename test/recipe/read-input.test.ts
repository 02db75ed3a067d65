/** Input that is too large, or not a file, is refused in words. */
import { describe, expect, test } from "vitest";
import { readWantedFile } from "../../src/import/index.ts";
import { readWorkspace } from "../../src/recipe/index.ts";
import { createSimulatedDisk, type SimulatedDisk } from "../../src/world/simulated/index.ts";

function workspace(): SimulatedDisk {
  const disk = createSimulatedDisk();
  disk.plant("/w", { "tenon.toml": '[workspace]\nprefix = "p"\n', "packages/": "" });
  return disk;
}

function errorOf(action: () => unknown): { kind: string; code: string; message: string } {
  try {
    action();
  } catch (error) {
    return error as { kind: string; code: string; message: string };
  }
  throw new Error("nothing was thrown");
}

describe("what is too large is not read", () => {
  const large = Buffer.alloc((64 << 20) + 1, "#");
  test.each([
    ["tenon.toml", "the file of a workspace", 1],
    ["packages/a.toml", "a recipe", 1],
    ["packages/a/recipe.toml", "a recipe", 1],
    ["known-failures.toml", "a list of known failures", 16],
    ["tenon.lock", "a lock file", 64],
  ])("%s", (file, kind, limit) => {
    const disk = workspace();
    disk.plant("/w", { [`${file}.new`]: large.subarray(0, (limit << 20) + 1) });
    disk.rename(`/w/${file}.new`, `/w/${file}`);
    expect(errorOf(() => readWorkspace(disk, "/w"))).toMatchObject({
      kind: "recipe",
      code: "TOO_LARGE",
      message: `/w/${file} is too large for ${kind}, which has at most ${limit} MiB`,
    });
  });

  test("requirements", () => {
    const disk = workspace();
    disk.plant("/w", { "requirements.txt": large });
    const options = {
      disk,
      directory: "/w",
      environment: {},
      extras: [],
      groups: [],
      variables: {},
    };
    expect(errorOf(() => readWantedFile("/w/requirements.txt", options)).code).toBe("TOO_LARGE");
  });
});

test.each(["packages/a.toml", "tenon.lock", "known-failures.toml"])("%s is no folder", (file) => {
  const disk = workspace();
  disk.plant("/w", { "elsewhere/": "", [file]: { link: "/w/elsewhere" } });
  expect(errorOf(() => readWorkspace(disk, "/w"))).toMatchObject({
    kind: "recipe",
    code: "NOT_A_FILE",
    message: expect.stringMatching(`^/w/${file} is a folder, and a .* is a regular file$`),
  });
});

test("a recipe that is a link to nothing is no recipe that is not there", () => {
  const disk = workspace();
  disk.plant("/w", { "packages/a.toml": { link: "gone" } });
  expect(() => readWorkspace(disk, "/w")).toThrow("no such file");
});
