/** Comparing a stage with the layers below it. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { compareWithLayers } from "../../src/builder/layer-claims.ts";
import { type Entry, makeManifest } from "../../src/core/index.ts";

const file = (path: string, content = "0", mode = 0o644): Entry => ({
  type: "file",
  path,
  mode,
  sizeBytes: 1,
  sha256: content.repeat(64),
});
const link = (path: string, target: string): Entry => ({ type: "link", path, target });
const folder = (path: string): Entry => ({ type: "directory", path, mode: 0o755 });
const layer = (name: string, ...entries: Entry[]) => ({
  package: name,
  tree: `/${name}`,
  manifest: makeManifest(entries),
});
const stage = (entries: Entry[], more: { deleted?: string[]; opaque?: string[] } = {}) => ({
  manifest: makeManifest(entries),
  deleted: [],
  opaque: [],
  ...more,
});
const strict = { takesOver: [], baseFolders: ["var", "var/lib"] };
const paths = (entries: readonly Entry[]): string[] => entries.map(({ path }) => path);

test("own files in a folder of a layer keep the folder, an untouched folder goes", () => {
  const below = layer("base", file("lib/x"), file("share/y"));
  const result = compareWithLayers(stage([file("lib/mine"), folder("share")]), [below], strict);
  expect(paths(result.manifest)).toEqual(["lib", "lib/mine"]);
  expect(result).toMatchObject({ surplus: ["share"], claims: [] });
});

test("an own empty folder stays, below a layer's too", () => {
  const below = layer("base", file("lib/x"));
  const result = compareWithLayers(stage([folder("lib/empty")]), [below], strict);
  expect(paths(result.manifest)).toEqual(["lib", "lib/empty"]);
});

test("the folders above the work folder are nobody's", () => {
  const result = compareWithLayers(stage([folder("var/lib"), folder("share")]), [], strict);
  expect(paths(result.manifest)).toEqual(["share"]);
  expect(result.surplus).toEqual(["var/lib", "var"]);
  const used = compareWithLayers(stage([file("var/lib/mine")]), [], strict);
  expect(paths(used.manifest)).toEqual(["var", "var/lib", "var/lib/mine"]);
});

test("an equal file or link is the layer's; another content, mode or type is a claim", () => {
  const below = layer("base", file("a"), file("b"), file("c"), link("d", "a"), link("e", "a"));
  const above = [file("a"), file("b", "1"), file("c", "0", 0o755), link("d", "a"), file("e/x")];
  const result = compareWithLayers(stage(above), [below], strict);
  expect(result.surplus).toEqual(["d", "a"]);
  expect(result.claims).toEqual(
    ["b", "c", "e"].map((path) => ({ act: "wrote over", path, owner: "base" })),
  );
});

test("a file where a layer has a folder is a claim", () => {
  const below = layer("base", file("lib/x"));
  const result = compareWithLayers(stage([link("lib", "lib64")]), [below], strict);
  expect(result.claims).toEqual([{ act: "wrote over", path: "lib", owner: "base" }]);
});

test("the topmost owner is named", () => {
  const layers = [layer("top", file("a", "1")), layer("bottom", file("a", "2"))];
  expect(compareWithLayers(stage([file("a", "3")]), layers, strict).claims[0]?.owner).toBe("top");
});

test("a removed file, a removed folder, a folder made anew", () => {
  const below = layer("base", file("a"), file("b/c"), file("b/d/e"), file("f/g"), file("f/h"));
  const removed = stage([file("f/g")], { deleted: ["a", "b"], opaque: ["f"] });
  expect(paths(compareWithLayers(removed, [below], strict).claims as never)).toEqual([
    "a",
    "b/c",
    "b/d/e",
    "f/h",
  ]);
});

test("an opaque folder that no layer has hides nothing", () => {
  const below = layer("base", file("lib/x"));
  const made = stage([file("new/x")], { opaque: ["new"] });
  expect(compareWithLayers(made, [below], strict).claims).toEqual([]);
});

test("what may be taken over is no claim", () => {
  const below = layer("base", file("a"), file("b/c"), file("d"));
  const changed = stage([file("a", "1"), file("d", "1")], { deleted: ["b"] });
  const result = compareWithLayers(changed, [below], { ...strict, takesOver: ["a", "b"] });
  expect(result.claims).toEqual([{ act: "wrote over", path: "d", owner: "base" }]);
  expect(paths(result.manifest)).toEqual(["a", "d"]);
});

test("law: the result and the surplus are the stage, and the result is a whole manifest", () => {
  const name = fc.constantFrom("a", "b", "c");
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join("/"));
  const entry = fc
    .tuple(path, fc.constantFrom("0", "1"), fc.boolean())
    .map(([at, content, isFolder]) => (isFolder ? folder(at) : file(`${at}/f`, content)));
  const tree = fc.uniqueArray(entry, { selector: (one) => one.path, maxLength: 6 });
  fc.assert(
    fc.property(tree, fc.array(tree, { maxLength: 3 }), (mine, others) => {
      const content = stage(mine);
      const layers = others.map((entries, index) => layer(`l${index}`, ...entries));
      const result = compareWithLayers(content, layers, strict);
      const parts = [...paths(result.manifest), ...result.surplus].sort();
      expect(parts).toEqual(paths(content.manifest));
      expect(makeManifest(result.manifest)).toEqual(result.manifest);
    }),
  );
});
