/** What a workspace remembers of its failures, and what is made of it. */
import { expect, test } from "vitest";
import {
  addFailures,
  knownAs,
  readFailures,
  recurrenceOf,
  type SeenFailure,
} from "../../src/workspace/failure-history.ts";
import type { PackageFailure } from "../../src/run/package-failure.ts";
import { createRecall, noteFailures } from "../../src/run/recall-failures.ts";
import { directory, openWorkspace, reopen } from "./workspace.ts";

const fingerprint = "0123456789ab";
const seen = (name: string, run: string, atMs: number, its = fingerprint): SeenFailure => {
  return { fingerprint: its, package: name, version: "1.0", run, atMs, reason: "it is broken" };
};

test("a failure that was not seen has no recurrence", () => {
  expect(recurrenceOf({ fingerprint, package: "a" }, [])).toBeUndefined();
  const other = [seen("a", "r1", 1, "ba9876543210")];
  expect(recurrenceOf({ fingerprint, package: "a" }, other)).toBeUndefined();
});

test("a recurrence counts from the first to the last, and names other packages once", () => {
  const all = [seen("a", "r1", 1), seen("b", "r2", 2), seen("b", "r3", 3)];
  expect(recurrenceOf({ fingerprint, package: "a" }, all)).toEqual({
    times: 3,
    firstAtMs: 1,
    lastRun: "r3",
    otherPackages: ["b"],
  });
});

test("what is known of a package counts before what is known of all, and no other package's", () => {
  const all = { fingerprint, note: "all" };
  const own = { fingerprint, note: "own", package: "a" };
  expect(knownAs({ fingerprint, package: "a" }, [all, own])).toBe(own);
  expect(knownAs({ fingerprint, package: "b" }, [own, all])).toBe(all);
  expect(knownAs({ fingerprint, package: "b" }, [own])).toBeUndefined();
  expect(knownAs({ fingerprint: "ba9876543210", package: "a" }, [all])).toBeUndefined();
});

test("lines are added, and a damaged one hides no other", () => {
  const { world, session } = openWorkspace({ a: {} });
  const file = session.state.failures;
  addFailures(world, file, [seen("a", "r1", 1)]);
  const writer = world.disk.openWriter(file, { append: true });
  writer.write(Buffer.from('{"fingerprint":"01\n'));
  writer.close();
  addFailures(world, file, [seen("b", "r2", 2)]);
  expect(readFailures(world, file).map(({ run }) => run)).toEqual(["r1", "r2"]);
});

test("the oldest go when there are too many", () => {
  const { world, session } = openWorkspace({ a: {} });
  const file = session.state.failures;
  const many = Array.from({ length: 5_000 }, (_, index) => seen("a", `r${index}`, index));
  addFailures(world, file, many);
  expect(readFailures(world, file)).toHaveLength(5_000);
  addFailures(world, file, [seen("a", "last", 9_999)]);
  const left = readFailures(world, file);
  expect(left).toHaveLength(2_500);
  expect(left.at(-1)?.run).toBe("last");
});

test("a run's failures are told with what earlier runs and the team know, and are remembered", () => {
  const { disk, world, session } = openWorkspace({ a: {} });
  disk.createFile(
    `${directory}/known-failures.toml`,
    `[[failure]]\nfingerprint = "${fingerprint}"\nnote = "wait"\n`,
  );
  const failure: PackageFailure = {
    package: "a",
    version: "1.0",
    step: "build",
    reason: "it is broken",
    hints: [],
    logFile: "/log",
    logTail: [],
    cause: "unknown",
    fingerprint,
  };
  const recall = createRecall(session);
  expect(recall(failure)).toEqual({});
  noteFailures(session, "r1", [failure]);
  expect(recall(failure)).toEqual({}); // of the run itself
  const later = reopen(disk).session;
  expect(createRecall(later)(failure)).toEqual({
    seen: { times: 1, firstAtMs: expect.any(Number), lastRun: "r1", otherPackages: [] },
    known: { fingerprint, note: "wait" },
  });
  noteFailures(later, "r2", [failure]);
  expect(readFailures(world, session.state.failures)).toHaveLength(2);
});
