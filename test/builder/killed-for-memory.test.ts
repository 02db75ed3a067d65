/** What the kernel has killed for memory is told from other failures. */
import { expect, test } from "vitest";
import { asKilledForMemory, wasKilledForMemory } from "../../src/builder/killed-for-memory.ts";

const exited = (code: number) => ({ kind: "exited", code }) as const;
const compiler =
  "c++: fatal error: Killed signal terminated program cc1plus\ncompilation terminated.";

test.each([
  ["the compiler's driver says it", exited(2), compiler, 0, true],
  ["killed, and the kernel counts one", exited(137), "", 1, true],
  ["by the signal, and the kernel counts one", { kind: "killed", signal: "SIGKILL" }, "", 2, true],
  ["make says it, and the kernel counts one", exited(2), "make: *** [all] Error 137", 1, true],
  ["killed by somebody", exited(137), "Killed", 0, false],
  ["ended by another signal", { kind: "killed", signal: "SIGTERM" }, "", 1, false],
  ["failed by itself while another was killed", exited(1), "error: x", 1, false],
] as const)("%s", (_name, outcome, log, oomKills, expected) => {
  expect(wasKilledForMemory({ outcome, log, oomKills })).toBe(expected);
});

test("the failure names the program that was killed", () => {
  const failure = {
    step: "compile",
    reason: "make ended with exit code 2",
    hints: [],
    logTail: [],
  };
  expect(asKilledForMemory(failure, compiler)).toMatchObject({
    step: "compile",
    reason: "the kernel killed cc1plus because there was too little memory",
    killedForMemory: true,
  });
});
