/** Sources in git repositories. */
import * as fs from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Recipe } from "../../src/recipe/index.ts";
import { digestSource, fetchSource, pinSource, placeSource } from "../../src/source/index.ts";
import {
  failureOf,
  makeContext,
  makeDirectory,
  makeRecipe,
  namesIn,
  removeDirectories,
  run,
} from "./fixture.ts";

let repository: string;
let first: string;

const git = (...args: string[]): string => run("git", args, repository);

function commit(message: string): string {
  git("add", "--all");
  git("commit", "--quiet", "--message", message);
  return git("rev-parse", "HEAD");
}

beforeEach(() => {
  repository = makeDirectory();
  git("init", "--quiet", "--initial-branch=main");
  const long = `${"long-folder-name/".repeat(7)}file`;
  fs.mkdirSync(`${repository}/${long.slice(0, -5)}`, { recursive: true });
  fs.writeFileSync(`${repository}/${long}`, "deep\n");
  fs.writeFileSync(`${repository}/run.sh`, "#!/bin/sh\n", { mode: 0o755 });
  fs.writeFileSync(`${repository}/lines.txt`, "one\ntwo\n");
  fs.symlinkSync("lines.txt", `${repository}/link`);
  first = commit("first");
  git("tag", "--annotate", "--message", "one", "v1");
  fs.writeFileSync(`${repository}/lines.txt`, "three\n");
  commit("second");
});

afterEach(removeDirectories);

const recipeAt = (revision: string): Recipe => makeRecipe({ kind: "git", repository, revision });

test("a tag is pinned to its commit, and the tree is the same from every revision", async () => {
  const { context } = makeContext();
  const pin = await pinSource(context, recipeAt("v1"));
  expect(pin).toMatchObject({ package: "greet", source: `git ${repository} v1`, commit: first });
  for (const revision of [first, first.slice(0, 10), "refs/tags/v1"]) {
    const again = await pinSource(makeContext().context, recipeAt(revision));
    expect(again).toMatchObject({ commit: first, sha256: pin.sha256 });
  }
  const branch = await pinSource(context, recipeAt("main"));
  expect(branch.commit).toBe(git("rev-parse", "HEAD"));
  expect(branch.sha256).not.toBe(pin.sha256);
});

test("the format of a stored tree never changes", async () => {
  const pin = await pinSource(makeContext().context, recipeAt("v1"));
  expect(pin.sha256).toBe("f35bbdce8e78a95a0cb5ee51d8ccd11f26130835b22c1420c44b35a48e7fcc11");
});

test("the pinned tree is placed, on another machine too", async () => {
  const pin = await pinSource(makeContext().context, recipeAt("v1"));
  const { context, directory } = makeContext();
  const place = `${directory}/place`;
  fs.mkdirSync(place);
  await placeSource(context, recipeAt("v1"), pin, place);
  expect(namesIn(place)).toEqual(["lines.txt", "link", "long-folder-name", "run.sh"]);
  expect(fs.readFileSync(`${place}/lines.txt`, "utf8")).toBe("one\ntwo\n");
  expect(fs.readlinkSync(`${place}/link`)).toBe("lines.txt");
  expect(fs.statSync(`${place}/run.sh`).mode & 0o777).toBe(0o755);
  expect(fs.statSync(`${place}/lines.txt`).mode & 0o777).toBe(0o644);
  const long = `${place}/${"long-folder-name/".repeat(7)}file`;
  expect(fs.readFileSync(long, "utf8")).toBe("deep\n");
  expect(namesIn(`${directory}/store/scratch`)).toEqual([]);
});

test("a pinned commit that no branch has any more is still found, as long as it exists", async () => {
  const pin = await pinSource(makeContext().context, recipeAt("main"));
  git("reset", "--quiet", "--hard", "v1");
  const { context } = makeContext();
  await fetchSource(context, recipeAt("main"), pin);
  expect(context.store.hasSource(pin.sha256)).toBe(true);
});

test("a tree with another digest is refused (I11)", async () => {
  const { context } = makeContext();
  const pin = { ...(await pinSource(context, recipeAt("v1"))), sha256: "0".repeat(64) };
  const error = await failureOf(fetchSource(context, recipeAt("v1"), pin));
  expect(error).toMatchObject({ kind: "source", code: "SOURCE_MISMATCH" });
  expect(context.store.hasSource(pin.sha256)).toBe(false);
});

test("a full commit id does without a pin, and keeps its key when it gets one", async () => {
  const { context, directory } = makeContext();
  const recipe = recipeAt(first);
  await fetchSource(context, recipe, undefined);
  fs.renameSync(repository, `${repository}-away`);
  fs.mkdirSync(`${directory}/place`);
  await placeSource({ ...context, offline: true }, recipe, undefined, `${directory}/place`);
  fs.renameSync(`${repository}-away`, repository);
  expect(namesIn(`${directory}/place`)).toContain("lines.txt");
  const pin = await pinSource(context, recipe);
  expect(digestSource(context, recipe, pin)).toBe(digestSource(context, recipe));
});

test("the configuration of the user does not change the content", async () => {
  const pin = await pinSource(makeContext().context, recipeAt("v1"));
  const { context, directory } = makeContext();
  fs.writeFileSync(`${directory}/.gitconfig`, "[core]\n\tautocrlf = true\n\teol = crlf\n");
  expect((await pinSource(context, recipeAt("v1"))).sha256).toBe(pin.sha256);
});

test("submodules are told of", async () => {
  fs.writeFileSync(`${repository}/.gitmodules`, "");
  const head = commit("submodules");
  const { context, events } = makeContext();
  await fetchSource(context, recipeAt(head), undefined);
  expect(events).toMatchObject([{ kind: "warning", package: "greet" }]);
});

test("what is not there", async () => {
  const { context } = makeContext();
  const revision = await failureOf(pinSource(context, recipeAt("v2")));
  expect(revision).toMatchObject({ kind: "source", code: "GIT_NO_REVISION" });
  const nowhere = makeRecipe({ kind: "git", repository: "/nowhere", revision: "v1" });
  expect(await failureOf(pinSource(context, nowhere))).toMatchObject({ code: "GIT_FAILED" });
  const remote = makeRecipe({ kind: "git", repository: "https://x.test/a", revision: "v1" });
  const offline = { ...context, offline: true };
  expect(await failureOf(pinSource(offline, remote))).toMatchObject({ code: "SOURCE_OFFLINE" });
  const bare = { ...context, environment: { PATH: "/nowhere" } };
  expect(await failureOf(pinSource(bare, recipeAt("v1")))).toMatchObject({ kind: "machine" });
});
