/** A release's checkout and build: a new commit comes, what is built stays, and a step that fails ends it. */
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { expect, test } from "vitest";
import { prepareRelease } from "../../src/operations/tree/release-tree.ts";
import { createRealWorld } from "../../src/world/index.ts";
import { temporaryFolder } from "../archive/temporary.ts";

const root = temporaryFolder();
const world = createRealWorld({});
const path = `${root}/checkout`;

function commit(text: string): void {
  const git = (...args: string[]): unknown =>
    execFileSync("git", [
      "-C",
      `${root}/origin`,
      "-c",
      "user.name=x",
      "-c",
      "user.email=x@x",
      ...args,
    ]);
  fs.mkdirSync(`${root}/origin`, { recursive: true });
  git("init", "-qb", "main");
  fs.writeFileSync(`${root}/origin/README`, text);
  git("add", ".");
  git("commit", "-qm", text);
}

test("the newest commit is checked out over the last one, and what was built stays", async () => {
  const checkout = { repository: `file://${root}/origin`, ref: "main", path };
  for (const text of ["first", "second"]) {
    commit(text);
    await prepareRelease(world, { checkout, build: "cat README >>built" });
  }
  expect(fs.readFileSync(`${path}/README`, "utf8")).toBe("second");
  expect(fs.readFileSync(`${path}/built`, "utf8")).toBe("firstsecond");
});

test("a step that fails is named with how it ended", async () => {
  const checkout = { path };
  await expect(prepareRelease(world, { checkout, build: "exit 7" })).rejects.toThrow(
    "the step build of the release ended with 7; nothing was bundled",
  );
});
