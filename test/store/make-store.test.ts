/** A store that cannot be made is refused in words. */
import { expect, test } from "vitest";
import type { TenonError } from "../../src/core/index.ts";
import { openStore } from "../../src/store/index.ts";
import {
  createSimulatedDisk,
  createSimulatedWorld,
  type SimulatedDisk,
} from "../../src/world/simulated/index.ts";

function refusal(disk: SimulatedDisk, root: string, act = false): TenonError {
  try {
    const store = openStore(createSimulatedWorld({ disk }), root, { sync: true });
    if (act) store.makeScratch("x");
  } catch (error) {
    return error as TenonError;
  }
  throw new Error("nothing was refused");
}

const otherStore =
  "Name a folder that you may write: TENON_STORE=DIR before the command, DIR being absolute.";

test("a store that cannot be made is named, with the reason and the way to another one", () => {
  const disk = createSimulatedDisk({ privileged: false });
  disk.plant("/", { "home/": "" });
  disk.setMode("/home", 0o555);
  expect(refusal(disk, "/home/u/.cache/tenon")).toMatchObject({
    kind: "machine",
    code: "STORE_REFUSED",
    message:
      "the store /home/u/.cache/tenon cannot be made: mkdir /home/u: permission denied (EACCES)",
    hints: [otherStore],
  });
});

test("so is one whose place is a file", () => {
  const disk = createSimulatedDisk();
  disk.plant("/", { store: "text" });
  expect(refusal(disk, "/store").message).toContain("the store /store cannot be made: ");
});

test("one that is there and may not be written is named by who wants to write", () => {
  const disk = createSimulatedDisk({ privileged: false });
  openStore(createSimulatedWorld({ disk }), "/store", { sync: true });
  disk.setMode("/store/scratch", 0o555);
  expect(refusal(disk, "/store", true)).toMatchObject({
    message:
      "the store /store cannot be written: mkdir /store/scratch/x: permission denied (EACCES)",
    hints: [otherStore],
  });
});
