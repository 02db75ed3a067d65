/** Programs are found on the path of a build. */
import { expect, test } from "vitest";
import { findProgram } from "../../src/view/programs.ts";
import { createSimulatedDisk } from "../../src/world/simulated/index.ts";

test("a folder on the path that may not be looked into has no programs", () => {
  const disk = createSimulatedDisk();
  disk.plant("/", {
    "closed/bin/cc": { content: "", mode: 0o755 },
    "usr/bin/cc": { content: "", mode: 0o755 },
    "usr/local/bin/cc": { content: "no program", mode: 0o644 },
  });
  disk.setMode("/closed", 0);
  const folders = ["/closed/bin", "/absent", "/usr/local/bin", "/usr/bin"];
  expect(findProgram(disk, "cc", folders)).toBe("/usr/bin/cc");
  expect(findProgram(disk, "gcc", folders)).toBeUndefined();
});
