/** `tenon execute`: what it says where there is nothing to be done. */
import { expect, test } from "vitest";
import { programFolder } from "../../src/cli/program-folder.ts";
import { tenon } from "./tenon.ts";
import "../../src/cli/execute.ts";

test("an action that is not there is named", async () => {
  const { error, code } = await tenon("execute /w/action --store /w/store");
  expect(error).toContain("/w/action/action.json");
  expect(code).toBe(4);
});

test("the program's own folder is the one with its package", () => {
  expect(programFolder()).toBe(process.cwd());
});
