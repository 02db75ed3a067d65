import { defineConfig } from "vitest/config";

/**
 * `unit` is fast; `fuzz` gives each kind of input ten seconds; `crash` stops, fails and unplugs the simulated disk
 * everywhere; `system` runs the built program with real compilers and Pythons.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/system/**", "test/fuzz/**", "test/**/*.crash.test.ts"],
          testTimeout: 30_000,
          // Two thirds of the time went into loading the same files for each test file anew.
          isolate: false,
          maxWorkers: "100%",
        },
      },
      { test: { name: "fuzz", include: ["test/fuzz/**/*.test.ts"] } },
      { test: { name: "crash", include: ["test/**/*.crash.test.ts"], testTimeout: 120_000 } },
      {
        test: {
          name: "system",
          include: ["test/system/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
