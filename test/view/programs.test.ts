/** Programs are found on the path of a build. */
import { expect, test } from "vitest";
import { findProgram, findSystemProgram } from "../../src/view/programs.ts";
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

test("a program of util-linux is not the one of BusyBox, which has not its options", () => {
  const disk = createSimulatedDisk();
  disk.plant("/", {
    "bin/busybox": { content: "", mode: 0o755 },
    "bin/unshare": { link: "/bin/busybox" },
    "bin/tar": { link: "/bin/busybox" },
    "sbin/mount": { link: "../bin/busybox" },
    "bin/mount": { content: "", mode: 0o755 },
  });
  expect(findSystemProgram(disk, "unshare")).toBeUndefined();
  expect(findSystemProgram(disk, "mount")).toBe("/bin/mount");
  expect(findSystemProgram(disk, "tar")).toBe("/bin/tar");
});
