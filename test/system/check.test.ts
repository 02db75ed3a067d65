/** With --check nothing joins whose check has not passed; dependents are built while it runs. */
import * as fs from "node:fs";
import { afterEach, describe, expect, test, vi } from "vitest";
import { eventsOf, noView, openWorkshop, skippedWord, type Workshop } from "./workshop.ts";

let shop: Workshop;
afterEach(() => shop.dispose());

/** `lower` has a check that waits until `upper` is built; `upper` brings nothing. */
function openChecked(): Workshop {
  const opened = openWorkshop({
    "packages/lower.toml": `name = "lower"
version = "1"
[build]
script = '''echo lower >>"$TALLY"; echo 1 >"$PREFIX/lower"'''
[check]
script = '''test "$(cat "$PREFIX/lower")" = 1 && test -e "$SOURCE_DIR" || exit 9
i=0; until grep -q upper "$TALLY"; do i=$((i + 1)); [ $i -lt 100 ] || exit 8; sleep 0.1; done
exec sh "$VERDICT"'''
`,
    "packages/upper.toml": `name = "upper"
version = "1"
depends.build = ["lower"]
[build]
script = '''cat "$PREFIX/lower" && echo upper >>"$TALLY"'''
[check]
script = '''test -e "$PREFIX/lower"'''
`,
  });
  opened.edit("tenon.toml", "env = { ", `env = { VERDICT = "${opened.told}/verdict", `);
  setVerdict(opened, "exit 3");
  return opened;
}

function setVerdict({ told }: Workshop, script: string): void {
  fs.writeFileSync(`${told}/verdict`, `${script}\n`);
}

function logsOf({ workspace }: Workshop, name: string): string[] {
  const runs = `${workspace}/.tenon/runs`;
  const [run = ""] = fs.readdirSync(runs);
  return fs.readdirSync(`${runs}/${run}/${name}`).sort();
}

const soon = { timeout: 20_000, interval: 20 };

describe.skipIf(noView !== undefined)(`the checks of a run${skippedWord}`, () => {
  test("one that fails keeps all from the prefix, and is asked for again until it passes", async () => {
    shop = openChecked();
    const failed = await shop.run(["build", "--check", "-j2"]);
    expect(failed).toMatchObject({ code: 1 });
    expect(failed.stderr).toContain("lower 1 failed in check: sh ended with exit code 3\n");
    expect(failed.stderr).toContain("2 packages built and kept; the prefix is unchanged");
    expect(shop.tree()).not.toHaveProperty("lower");
    expect(shop.tally()).toEqual(["lower", "upper"]);
    expect(logsOf(shop, "lower")).toEqual([
      "1-source.log",
      "2-script.log",
      "3-stage.log",
      "4-check.log",
    ]);
    expect(failed.stderr).toMatch(/log: .*\/lower\/4-check\.log\n/);

    expect(await shop.run(["build", "--check"])).toMatchObject({ code: 1 });
    expect(shop.tally()).toEqual(["lower", "upper", "lower"]);
    setVerdict(shop, "exit 0");
    await shop.must("build", "--check");
    expect(shop.tally()).toEqual(["lower", "upper", "lower", "lower"]);
    expect(await shop.must("build", "--check")).toMatch(/^nothing to do/);
    expect(fs.readdirSync(`${shop.store}/scratch`)).toEqual([]);
  });

  test("without --check, what was built joins; --check=warn only tells", async () => {
    shop = openChecked();
    const warned = await shop.run(["build", "--check=warn", "-j2", "--json"]);
    expect(warned).toMatchObject({ code: 0 });
    const told = eventsOf(warned.stdout).filter(({ kind }) => kind.startsWith("check-"));
    expect(told).toContainEqual(
      expect.objectContaining({ kind: "check-failed", package: "lower", isWarning: true }),
    );
    expect(told).toContainEqual(
      expect.objectContaining({ kind: "check-finished", package: "upper" }),
    );
    expect(shop.tree()).toHaveProperty("lower");
    expect(await shop.must("build")).toMatch(/^nothing to do/);
    expect(await shop.must("build", "--dry-run", "--check")).toMatch(/build +lower 1/);
  });

  test("one that fails is kept for a shell, which sees what is checked", async () => {
    shop = openChecked();
    expect(await shop.run(["build", "--check", "-j2"])).toMatchObject({ code: 1 });
    const script = 'cat "$PREFIX/lower"; test -e "$SOURCE_DIR" && exit 7';
    const ended = await shop.run(["shell", "--step", "check", "lower", "--", "sh", "-c", script]);
    expect(ended).toMatchObject({ code: 7, stdout: "1\n" });
    setVerdict(shop, "exit 0");
    await shop.must("build", "--check");
    expect(fs.readdirSync(`${shop.store}/scratch`)).toEqual([]);
  });

  test("log --follow goes on until the check has ended", async () => {
    shop = openChecked();
    setVerdict(shop, 'while [ ! -e "$TALLY.go" ]; do sleep 0.05; done; echo checked');
    const building = shop.start(["build", "--check", "-j2"]);
    await vi.waitFor(() => expect(building.said()).toContain("built lower"), soon);
    const following = shop.start(["log", "--follow", "lower"]);
    await vi.waitFor(() => expect(following.said()).toContain("== lower: check: "), soon);
    fs.writeFileSync(`${shop.told}/tally.go`, "");
    expect((await following.ended).stdout).toMatch(/\nchecked\n== lower: check: exit code 0/);
    expect(await building.ended).toMatchObject({ code: 0 });
  });

  test("it runs with a job token of its own", async () => {
    shop = openChecked();
    shop.edit("packages/lower.toml", "until grep -q upper", "until true");
    setVerdict(shop, "exit 0");
    const { code, stdout } = await shop.run(["build", "--check", "-j1", "--json"]);
    expect(code).toBe(0);
    const order = eventsOf(stdout)
      .filter(({ kind }) => /^(build|check)-(started|finished)$|^tokens$/.test(kind))
      .filter((event) => event["package"] === "lower")
      .map(({ kind, held }) => (kind === "tokens" ? held : kind));
    expect(order).toEqual([
      1,
      "build-started",
      "build-finished",
      1,
      "check-started",
      "check-finished",
    ]);
  });

  test("a stop releases what checks hold", async () => {
    shop = openChecked();
    shop.edit("packages/upper.toml", "echo upper", "exit 5; echo upper");
    const failed = await shop.run(["build", "--check", "-j1", "--fail-fast"]);
    expect(failed).toMatchObject({ code: 1 });
    expect(failed.stderr).toContain("upper 1 failed in");
    expect(fs.readdirSync(`${shop.workspace}/.tenon/kept`)).toEqual(["upper"]);
    expect(fs.readdirSync(`${shop.store}/scratch`)).toHaveLength(1);
  });
});
