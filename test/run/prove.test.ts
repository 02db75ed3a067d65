/** What `tenon prove` need not build, and what it cannot. The rest needs views: `test/system/prove.test.ts`. */
import { expect, test } from "vitest";
import { provePackages } from "../../src/run/prove.ts";
import { optionsFor } from "../workspace/workspace.ts";
import { type Machine, openMachine } from "./machine.ts";

function prove(machine: Machine) {
  const options = { packages: [], isolation: "none", jobs: 1, again: false } as const;
  return provePackages(machine.nextWorld(), { ...optionsFor([]), ...options });
}

test("what is built at the prefix's own path has nothing to be proved", async () => {
  const machine = openMachine({ app: {} });
  await machine.build();
  const reason = "builds have no view of their own";
  expect(await prove(machine)).toEqual({
    results: [{ package: "app", version: "1.0", result: { kind: "at-prefix", reason } }],
    isInterrupted: false,
  });
  expect(machine.begun).toEqual(["app"]);
});

test("what is not built is named, with the cure", async () => {
  await expect(prove(openMachine({ app: {} }))).rejects.toThrow(
    expect.objectContaining({ code: "NOT_BUILT", hints: ["Run `tenon build app` first."] }),
  );
});
