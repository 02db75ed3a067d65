/** What `proof/faults.js` makes of a run of the tests: only a test that failed has caught a fault. */
import { expect, test } from "vitest";
import { judge } from "../../proof/fault-tests.js";

const ended = { status: 0, stderr: "" };

function reportOf(...assertionResults: object[]): string {
  return JSON.stringify({
    testResults: [{ name: "a.test.ts", status: "passed", assertionResults }],
  });
}

const passed = { status: "passed", fullName: "one" };
const failed = { status: "failed", fullName: "two", failureMessages: ["expected 1 to be 2"] };

test("the first test that failed is named", () => {
  const failure = judge({ ...ended, status: 1 }, reportOf(passed, failed));
  expect(failure).toMatchObject({ outcome: "failed", what: "two", isLate: false });
  expect(judge(ended, reportOf(passed))).toEqual({ outcome: "passed" });
});

test("one that took too long is told apart", () => {
  const late = { ...failed, failureMessages: ["Error: Test timed out in 60000ms."] };
  expect(judge({ ...ended, status: 1 }, reportOf(late))).toMatchObject({ isLate: true });
});

test.each([
  ["without a report", ""],
  ["with a part of one", reportOf(passed).slice(0, 20)],
  ["without a test", JSON.stringify({ testResults: [] })],
  ["with a failure that is no test's", reportOf(passed)],
])("a run %s says nothing, in words", (_how, report) => {
  const run = { status: 137, stderr: "a line\nout of memory\n" };
  expect(judge(run, report)).toEqual({
    outcome: "unanswered",
    what: "vitest ended with 137 and without a result: out of memory",
  });
});

test("a run that was ended says by what, and a file that cannot be loaded is named", () => {
  const killed = { status: null, signal: "SIGKILL", stderr: "" };
  expect(judge(killed, "").what).toBe("vitest ended with SIGKILL and without a result");
  const broken = { name: "b.test.ts", status: "failed", message: "no x", assertionResults: [] };
  const report = JSON.stringify({ testResults: [broken] });
  expect(judge({ ...ended, status: 1 }, report)).toEqual({
    outcome: "unanswered",
    what: "b.test.ts: no x",
  });
});
