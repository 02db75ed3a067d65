/** Only what must be built again is built again, and `tenon why` names the input beforehand (I8). */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { stack, tallied, withGong } from "./stack.ts";
import { noView, openWorkshop, runInstalled, skippedWord, type Workshop } from "./workshop.ts";

let shop: Workshop;
beforeEach(async () => {
  shop = openWorkshop(stack);
  shop.write(withGong(shop.workspace));
  await shop.must("build");
});
afterEach(() => shop.dispose());

interface Change {
  readonly what: string;
  readonly make: () => void;
  readonly of: string;
  /** What `tenon why` says. */
  readonly why: RegExp;
  /** The packages that are built then. */
  readonly built: readonly string[];
  /** It comes out as before, so that the prefix need not change. */
  readonly isTheSame?: true;
}

const changes: readonly Change[] = [
  {
    what: "an argument",
    of: "ringer",
    make: () =>
      shop.edit(
        "packages/ringer.toml",
        "build.system",
        'build.args = ["--word=dong"]\nbuild.system',
      ),
    why: /build\.args changed from \[\] to \["--word=dong"\]/,
    built: ["ringer"],
  },
  {
    what: "a script",
    of: "slow",
    make: () => shop.edit("packages/slow.toml", "sleep 0.4", "sleep 0.1"),
    why: /build\.script/,
    isTheSame: true,
    built: ["slow"],
  },
  {
    what: "a source file of a leaf",
    of: "ringer",
    make: () => shop.edit("ringer/ringer.c", "puts(WORD)", 'puts("bim")'),
    why: /the source changed from [0-9a-f]{12} to [0-9a-f]{12}/,
    built: ["ringer"],
  },
  {
    what: "a source file of a library",
    of: "libbell",
    make: () => shop.edit("libbell/bell.c", "return 3", "return 2"),
    why: /the source changed/,
    built: ["libbell", "pybell", "ringer"],
  },
  {
    what: "a patch",
    of: "gong",
    make: () => shop.edit("packages/gong/louder.patch", "+echo GONG", "+echo GOOONG"),
    why: /patch 1 \(louder\.patch\) changed from/,
    built: ["gong"],
  },
  {
    what: "a dependency",
    of: "slow",
    make: () => shop.edit("packages/slow.toml", "[build]", 'depends.build = ["libbell"]\n[build]'),
    why: /the dependency libbell is new/,
    isTheSame: true,
    built: ["slow"],
  },
  {
    what: "a version",
    of: "slow",
    make: () => shop.edit("packages/slow.toml", '"1.0"', '"1.1"'),
    why: /version changed from "1\.0" to "1\.1"/,
    built: ["slow"],
  },
  {
    what: "a setting of the environment",
    of: "gong",
    make: () => shop.edit("packages/gong/recipe.toml", "[build]", '[build]\nenv.A = "1"'),
    why: /build\.env\.A is new/,
    isTheSame: true,
    built: ["gong"],
  },
];

describe.skipIf(noView !== undefined)(`a change${skippedWord}`, () => {
  test.each(changes)("of $what: rebuilds what depends on it", async (change) => {
    change.make();
    const reason = await shop.must("why", change.of);
    expect(reason).toMatch(new RegExp(`^${change.of} will be built again:\n  `));
    expect(reason).toMatch(change.why);
    expect(reason.trimEnd().split("\n")).toHaveLength(2);
    await shop.must("build");
    expect(shop.tally().slice(tallied.length).sort()).toEqual(change.built);
    expect(await shop.must("why", change.of)).toBe(`${change.of} is up to date\n`);
    expect(shop.transactions()).toHaveLength(change.isTheSame ? 1 : 2);
    expect(await shop.must("verify")).toMatch(/^ok: /);
  });

  test("the new library serves what uses it", async () => {
    shop.edit("libbell/bell.c", "return 3", "return 1");
    expect(await shop.must("why", "ringer")).toBe(
      "ringer depends on libbell, which is out of date; " +
        "if its result stays the same, this package is not built again\n",
    );
    await shop.must("build");
    expect(runInstalled(`${shop.prefix}/bin/ringer`)).toBe("ding\n");
  });

  test("the same result as before stops the cascade", async () => {
    const before = shop.tree();
    shop.edit("libbell/bell.c", "{ return 3; }", "{ /* thrice */ return 3; }");
    const ended = await shop.run(["build"]);
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stderr).toMatch(/built libbell 1\.0 \(.*\), the same result as before/);
    expect(shop.tally().slice(tallied.length)).toEqual(["libbell"]);
    expect(shop.tree()).toEqual(before);
    expect(shop.transactions()).toHaveLength(1);
    expect(await shop.must("build")).toMatch(/^nothing to do/);
  });

  test("going back is served from the store", async () => {
    const before = shop.tree();
    shop.edit("libbell/bell.c", "return 3", "return 2");
    await shop.must("build");
    shop.edit("libbell/bell.c", "return 2", "return 3");
    const built = shop.tally().length;
    await shop.must("build");
    expect(shop.tally()).toHaveLength(built);
    expect(shop.tree()).toEqual(before);
  });

  test("touching a file without a change rebuilds nothing", async () => {
    shop.edit("libbell/bell.c", "return 3", "return 3");
    expect(await shop.must("build")).toMatch(/^nothing to do/);
  });
});
