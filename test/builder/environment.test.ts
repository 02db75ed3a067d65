/** What a build is told of parallelism; expanding variables in a recipe's settings. */
import { afterAll, expect, test } from "vitest";
import { buildEnvironment, expand, expandFor } from "../../src/builder/environment.ts";
import { makePlaces } from "../../src/builder/places.ts";
import { createSite, world } from "./site.ts";

const site = createSite();
afterAll(() => site.remove());

test("beside a jobserver nobody is given a number, which would be an order to ignore it", () => {
  const part = { jobs: 8, during: () => Promise.reject(new Error()), leave: () => {} };
  const job = site.job({ name: "x" }, { jobs: 3, tokens: part });
  const places = makePlaces(world.disk, job);
  const environment = buildEnvironment(job, places);
  expect(environment).toMatchObject({
    JOBS: "3",
    MAKEFLAGS: "-j8 --jobserver-auth=30,31",
    CARGO_MAKEFLAGS: `-j8 --jobserver-auth=fifo:${places.workInside}/tokens`,
  });
  expect(Object.keys(environment)).not.toContain("CMAKE_BUILD_PARALLEL_LEVEL");
  expect(environment["PATH"]?.split(":")[0]).toBe(`${places.workInside}/bin`);
});

test("known names are replaced, all else stays", () => {
  const variables = { PREFIX: "/p q", PATH: "/bin" };
  expect(expand("${PREFIX}/x:${PATH}", variables)).toBe("/p q/x:/bin");
  expect(expand("$PREFIX ${OTHER} ${} $$ ${toString}", variables)).toBe(
    "$PREFIX ${OTHER} ${} $$ ${toString}",
  );
});

test("what a value says is not expanded again", () => {
  expect(expand("${A}", { A: "${B}", B: "x" })).toBe("${B}");
});

test("the version of the recipe can be named, and is no variable of the build", () => {
  const job = site.job({ name: "x", build: { env: { SERIES: "v${VERSION}" } } });
  const environment = buildEnvironment(job, makePlaces(world.disk, job));
  expect(environment["SERIES"]).toBe(`v${job.recipe.version}`);
  expect(environment).not.toHaveProperty("VERSION");
  expect(expandFor(job.recipe, "${VERSION}", { VERSION: "own" })).toBe("own");
});
