/** Placing sources from the store, and patching them. */
import * as fs from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { digestOf } from "../../src/core/index.ts";
import type { Pin, Recipe } from "../../src/recipe/index.ts";
import { fetchSource, placeSource } from "../../src/source/index.ts";
import {
  failureOf,
  type Fixture,
  makeArchive,
  makeContext,
  makeRecipe,
  namesIn,
  removeDirectories,
} from "./fixture.ts";

let fixture: Fixture;
let place: string;
let count = 0;

beforeEach(() => {
  fixture = makeContext();
  place = `${fixture.directory}/place`;
  fs.mkdirSync(place);
});

afterEach(removeDirectories);

/** A recipe for a file of the test's folder, by its `file:` address. */
function recipeFor(content: Uint8Array, name: string, patches: string[] = []): [Recipe, Pin] {
  const { directory } = fixture;
  fs.writeFileSync(`${directory}/${name}`, content);
  const recipe = makeRecipe({ kind: "url", urls: [`file://${directory}/${name}`] }, patches);
  return [recipe, { package: "greet", source: "", sha256: digestOf(content) }];
}

const read = (name: string): string => fs.readFileSync(`${place}/${name}`, "utf8");

describe("what is placed", () => {
  test("an archive, without its top folder", async () => {
    const content = makeArchive(fixture.directory, { "a/b.txt": "b" });
    await placeSource(fixture.context, ...recipeFor(content, "greet-1.0.tar.gz"), place);
    expect(read("a/b.txt")).toBe("b");
  });

  test("an archive whose address tells nothing", async () => {
    const content = makeArchive(fixture.directory, { "a.txt": "a" });
    await placeSource(fixture.context, ...recipeFor(content, "v1.0"), place);
    expect(read("a.txt")).toBe("a");
  });

  test("a wheel, as it is", async () => {
    const content = Buffer.from("PK\u0003\u0004 and so on");
    await placeSource(fixture.context, ...recipeFor(content, "greet-1.0-py3-none-any.whl"), place);
    expect(namesIn(place)).toEqual(["greet-1.0-py3-none-any.whl"]);
  });

  test("a wheel from the index, under its name there", async () => {
    const [, pin] = recipeFor(Buffer.from("wheel"), "x.whl");
    const [urlRecipe] = recipeFor(Buffer.from("wheel"), "x.whl");
    await fetchSource(fixture.context, urlRecipe, pin);
    const distribution = "wheel";
    const recipe = makeRecipe({ kind: "pypi", project: "a-b", version: "1.0", distribution });
    const named = { ...pin, file: "a_b-1.0-cp311-cp311-linux_x86_64.whl" };
    await placeSource(fixture.context, recipe, named, place);
    fs.mkdirSync(`${place}-2`);
    await placeSource(fixture.context, recipe, pin, `${place}-2`);
    expect(namesIn(place)).toEqual([named.file]);
    expect(namesIn(`${place}-2`)).toEqual(["a_b-1.0-py3-none-any.whl"]);
  });

  test("a local archive", async () => {
    makeArchive(fixture.directory, { "a.txt": "a" });
    const path = `${fixture.directory}/greet-1.0.tar.gz`;
    const recipe = makeRecipe({ kind: "path", path });
    await placeSource(fixture.context, recipe, undefined, place);
    expect(read("a.txt")).toBe("a");
  });
});

describe("a source that was damaged in the store (I11)", () => {
  const damage = (pin: Pin): void => {
    fs.writeFileSync(fixture.context.store.layout.source(pin.sha256), "damaged");
  };

  test("is fetched again", async () => {
    const [recipe, pin] = recipeFor(Buffer.from("content"), "greet.bin");
    await fetchSource(fixture.context, recipe, pin);
    damage(pin);
    await placeSource(fixture.context, recipe, pin, place);
    expect(read("greet.bin")).toBe("content");
    expect(fixture.events).toContainEqual(
      expect.objectContaining({ kind: "warning", package: "greet" }),
    );
  });

  test("is removed and refused when offline", async () => {
    const [recipe, pin] = recipeFor(Buffer.from("content"), "greet.bin");
    await fetchSource(fixture.context, recipe, pin);
    damage(pin);
    const offline = { ...fixture.context, offline: true };
    const error = await failureOf(placeSource(offline, recipe, pin, place));
    expect(error).toMatchObject({ kind: "source", code: "SOURCE_DAMAGED" });
    expect(offline.store.hasSource(pin.sha256)).toBe(false);
    expect(namesIn(place)).toEqual([]);
  });
});

describe("patches", () => {
  const lines = Array.from({ length: 12 }, (_, line) => `line ${line}`);

  /** Changes line 5 of a file that may have more lines on top or other words around it. */
  const patchFor = (from: string, to: string): string => {
    const path = `${fixture.directory}/fix-${(count += 1)}.patch`;
    const around = (start: number): string =>
      [0, 1, 2].map((offset) => ` line ${start + offset}\n`).join("");
    const hunk = `@@ -3,7 +3,7 @@\n${around(2)}-${from}\n+${to}\n${around(6)}`;
    fs.writeFileSync(path, `--- a/text\n+++ b/text\n${hunk}`);
    return path;
  };

  const placeWith = (text: readonly string[], patches: string[], context = fixture.context) => {
    const content = makeArchive(fixture.directory, { text: `${text.join("\n")}\n`, other: "" });
    return placeSource(context, ...recipeFor(content, "greet-1.0.tar.gz", patches), place);
  };

  test("are applied in their order", async () => {
    await placeWith(lines, [patchFor("line 5", "five"), patchFor("five", "FIVE")]);
    expect(read("text").split("\n")[5]).toBe("FIVE");
    expect(namesIn(place)).toEqual(["other", "text"]);
  });

  test("find lines that have moved, and leave no other file behind", async () => {
    await placeWith(["a new line", ...lines], [patchFor("line 5", "five")]);
    expect(read("text").split("\n")[6]).toBe("five");
    expect(namesIn(place)).toEqual(["other", "text"]);
  });

  test.each<[string, (text: string[]) => string[]]>([
    ["another line in place of the one to change", (text) => text.with(5, "changed before")],
    ["other lines around it", (text) => text.with(2, "changed before")],
    ["the change already there", (text) => text.with(5, "five")],
  ])("fail for %s", async (_what, change) => {
    const patch = patchFor("line 5", "five");
    const error = await failureOf(placeWith(change(lines), [patch]));
    expect(error).toMatchObject({ kind: "recipe", code: "PATCH_FAILED" });
    expect(error.message).toContain(patch);
    expect((error as unknown as { hints: string[] }).hints.join("\n")).toContain("text");
  });

  test("that are missing, or without the program, say so", async () => {
    const missing = await failureOf(placeWith(lines, ["/nowhere/fix.patch"]));
    expect(missing).toMatchObject({ kind: "recipe", code: "PATCH_MISSING" });
    fs.rmSync(place, { recursive: true });
    fs.mkdirSync(place);
    const bare = { ...fixture.context, environment: { PATH: "/nowhere" } };
    const error = await failureOf(placeWith(lines, [patchFor("line 5", "five")], bare));
    expect(error).toMatchObject({ kind: "machine", code: "PATCH_PROGRAM_MISSING" });
  });
});

test("an archive that was cut before it was pinned is told with its address and the way out", async () => {
  const whole = makeArchive(fixture.directory, { "a.txt": "a" });
  const [recipe, pin] = recipeFor(whole.subarray(0, 60), "greet-1.0.tar.gz");
  await fetchSource(fixture.context, recipe, pin);
  const error = await failureOf(placeSource(fixture.context, recipe, pin, place));
  expect(error).toMatchObject({
    code: "ARCHIVE_DAMAGED",
    message: `greet-1.0.tar.gz is damaged: unexpected end of file; it came from file://${fixture.directory}/greet-1.0.tar.gz`,
    hints: [expect.stringMatching(/^Look what the address gives.*`tenon lock`\.$/)],
  });
});

test("a page that was pinned as an archive is called what it is", async () => {
  const [recipe, pin] = recipeFor(Buffer.from("<html>Sign in</html>"), "greet-1.0.tar.gz");
  await fetchSource(fixture.context, recipe, pin);
  const error = await failureOf(placeSource(fixture.context, recipe, pin, place));
  expect(error.message).toMatch(/greet-1\.0\.tar\.gz gave a page for a browser/);
});
