import { defineConfig } from "vitest/config";

const all = "100%";
const systemTests = { testTimeout: 300_000, hookTimeout: 120_000 };

/** What they see depends on what else the machine does: jobs, memory, the moment of a kill. */
const alone = ["kill", "memory", "terminal", "tokens", "tokens-of-make", "tokens-of-others"].map(
  (name) => `test/system/${name}.test.ts`,
);

/**
 * `unit` is fast; `fuzz` gives each kind of input ten seconds; `crash` stops, fails and unplugs the simulated disk
 * everywhere; `system` runs the built program with real compilers and Pythons, two files at once, and
 * `system-alone` one after the other.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/system/**", "test/fuzz/**", "test/**/*.crash.test.ts"],
          testTimeout: 60_000,
          // Two thirds of the time went into loading the same files for each test file anew.
          isolate: false,
          maxWorkers: all,
        },
      },
      { test: { name: "fuzz", include: ["test/fuzz/**/*.test.ts"], maxWorkers: all } },
      {
        test: {
          name: "crash",
          include: ["test/**/*.crash.test.ts"],
          testTimeout: 120_000,
          maxWorkers: all,
        },
      },
      {
        test: {
          ...systemTests,
          name: "system",
          include: ["test/system/**/*.test.ts"],
          exclude: alone,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      { test: { ...systemTests, name: "system-alone", include: alone, fileParallelism: false } },
    ],
  },
});
