/** Which rows of a timeline stand together as one. */
import { describe, expect, test } from "vitest";
import { makeRun, type Run } from "../../src/events/index.ts";
import { rowItems } from "../../src/page/timeline-folds.ts";
import { syntheticEvents } from "../events/synthetic-events.ts";

type Package = Run["packages"][number];

/** A package on which all others stand, and so many that stand on it alone. */
function runOf(count: number, failing: readonly string[] = []): readonly Package[] {
  const names = Array.from({ length: count }, (_, at) => `p${at}`);
  const graph = [
    { name: "base", needs: [] },
    ...names.map((name) => ({ name, needs: ["base"] })),
    ...failing.map((name) => ({ name, needs: [] })),
    ...failing.flatMap((by) => [1, 2, 3].map((at) => ({ name: `${by}-${at}`, needs: [by] }))),
  ];
  const events = syntheticEvents({ graph, jobs: 4, seed: 7, failing: new Set(failing) });
  return makeRun({ id: "r", events, logs: new Map() }).packages;
}

/** Every package once, in folds or in rows of its own. */
function namesIn(packages: readonly Package[]): string[] {
  return rowItems(packages).flatMap((item) =>
    item.kind === "row" ? [item.each.name] : item.packages.map(({ name }) => name),
  );
}

describe("the rows of a timeline", () => {
  test("are one a package while they can be read one by one", () => {
    const packages = runOf(30);
    expect(rowItems(packages).every(({ kind }) => kind === "row")).toBe(true);
    expect(namesIn(packages)).toEqual(packages.map(({ name }) => name));
  });

  test("of a long one stand together, but for the longest, the critical path and failures", () => {
    const packages = runOf(300, ["bad"]);
    const items = rowItems(packages);
    expect(items.length).toBeLessThan(60);
    expect(namesIn(packages).toSorted()).toEqual(packages.map(({ name }) => name).toSorted());
    const own = new Set(items.flatMap((item) => (item.kind === "row" ? [item.each.name] : [])));
    for (const { name, isCritical, state } of packages)
      if (isCritical || state === "failed") expect(own).toContain(name);
    const byLength = packages.filter(({ state }) => state === "built");
    const [shortest, longest] = [byLength.toSorted((a, b) => a.runMs - b.runMs), byLength];
    const least = shortest.find(({ isCritical }) => !isCritical);
    expect(own).not.toContain(least?.name);
    expect(own).toContain(longest.toSorted((a, b) => b.runMs - a.runMs)[0]?.name);
  });

  test("of what a failure blocks follow it", () => {
    const few = namesIn(runOf(3, ["bad"]));
    expect(few.slice(few.indexOf("bad"))).toEqual(
      expect.arrayContaining(["bad", "bad-1", "bad-2", "bad-3"]),
    );
    expect(few[few.indexOf("bad") + 1]).toMatch(/^bad-/);
    const items = rowItems(runOf(300, ["bad"]));
    const at = items.findIndex((item) => item.kind === "row" && item.each.name === "bad");
    expect(items[at + 1]).toMatchObject({ kind: "blocked", packages: [{}, {}, {}] });
  });
});
