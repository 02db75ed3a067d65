/** The log of a build that runs, read from another process. */
import * as fs from "node:fs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openWorkshop, type Workshop } from "./workshop.ts";

let shop: Workshop;
/** While the first of these exists nowhere, both builds wait. */
beforeEach(() => {
  const script = (name: string, go: string): string =>
    `name = "${name}"\nversion = "1"\nbuild.script = '''\n` +
    `echo begun ${name}\nwhile [ ! -e "$TALLY.${go}" ]; do sleep 0.02; done\necho ended ${name}\n'''\n`;
  shop = openWorkshop({
    "packages/one.toml": script("one", "one"),
    "packages/two.toml": script("two", "two"),
  });
});
afterEach(() => shop.dispose());

function go(name: string): void {
  fs.writeFileSync(`${shop.told}/tally.${name}`, "");
}

const soon = { timeout: 20_000, interval: 10 };

test("--follow prints what comes, and ends with the package's build", async () => {
  const building = shop.start(["build", "-j2"]);
  await vi.waitFor(() => expect(building.said()).toContain("building one 1"), soon);
  const following = shop.start(["log", "--follow", "one"]);
  await vi.waitFor(() => expect(following.said()).toContain("\nbegun one\n"), soon);
  expect(following.said()).not.toContain("ended one");
  go("one");
  const { code, stdout } = await following.ended;
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ended one\n== one: script: exit code 0/m);
  expect(stdout).toContain("== one: stage: done");
  expect(building.said()).not.toContain("built two");
  go("two");
  expect(await building.ended).toMatchObject({ code: 0 });
  expect(await shop.must("log", "--follow", "one")).toBe(stdout);
});

test("--follow ends when tenon was killed", async () => {
  const building = shop.start(["build", "-j2"]);
  await vi.waitFor(() => expect(building.said()).toContain("building one 1"), soon);
  const following = shop.start(["log", "--follow", "one"]);
  await vi.waitFor(() => expect(following.said()).toContain("\nbegun one\n"), soon);
  building.kill("SIGKILL");
  await building.ended;
  expect(await following.ended).toMatchObject({ code: 0 });
});

test("--follow of what the running build does not build gives its last log", async () => {
  go("one");
  await shop.must("build", "one");
  const building = shop.start(["build", "-j2"]);
  await vi.waitFor(() => expect(building.said()).toContain("building two 1"), soon);
  const following = await shop.run(["log", "--follow", "one"]);
  expect(following).toMatchObject({ code: 0 });
  expect(following.stdout).toContain("\nended one\n");
  go("two");
  expect(await building.ended).toMatchObject({ code: 0 });
});
