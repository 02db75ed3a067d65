/** A native part that cannot be loaded ends the command with what to do, whichever call needed it. */
import { expect, test } from "vitest";
import { attempt, attemptBoth } from "../../src/world/real/attempts.ts";
import { loadNative } from "../../src/world/real/system-calls.ts";

const missing = Object.assign(new Error("Cannot find module './linux_x64/koffi.node'\nRequire"), {
  code: "MODULE_NOT_FOUND",
});
const load = () =>
  loadNative(() => {
    throw missing;
  });
const told = {
  code: "NATIVE_PART",
  kind: "machine",
  message: expect.stringMatching(/koffi.* cannot be loaded: Cannot find module [^\n]*$/),
  hints: expect.arrayContaining([expect.stringContaining("apk add libstdc++")]),
};

test("the message has the reason and a cure, and not the path that was to be locked", () => {
  for (const call of [
    () => attempt("lock", "/p", load),
    () => attemptBoth("rename", { from: "/a", to: "/b" }, load),
  ]) {
    let error: unknown;
    try {
      call();
    } catch (caught) {
      error = caught;
    }
    expect(error).toMatchObject(told);
  }
});

test("a part that loads is given back", () => {
  expect(loadNative(() => 1)).toBe(1);
});
