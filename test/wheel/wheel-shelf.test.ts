/** Wheels on the shelf: what is unpacked once, and what is made for each interpreter. */
import * as fs from "node:fs";
import * as path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStore, type Store } from "../../src/store/index.ts";
import { lookUpWheel, unpackWheels, type WheelTree } from "../../src/wheel/index.ts";
import { createRealWorld, type World } from "../../src/world/index.ts";
import { temporaryFolder } from "../archive/temporary.ts";
import { wheelOf } from "./wheel-writer.ts";

const scheme = {
  purelib: "lib/python3/site-packages",
  platlib: "lib/python3/site-packages",
  scripts: "bin",
  headers: "include",
  data: "",
};

let root: string;
let world: World;
let store: Store;
let file: string;
beforeEach(() => {
  root = temporaryFolder();
  world = createRealWorld({});
  store = openStore(world, `${root}/store`, { sync: false });
  file = `${root}/greet-1.0-py3-none-any.whl`;
  fs.writeFileSync(
    file,
    wheelOf({
      files: {
        "greet.py": "hello = 1\n",
        "greet-1.0.data/scripts/old": "#!python\nprint(1)\n",
        "greet-1.0.data/scripts/tool": "#!/bin/sh\n",
      },
    }),
  );
});
afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

function take(interpreter: string): WheelTree {
  const [tree] = unpackWheels(world, store, [lookUpWheel(world, store, file)], {
    scheme,
    interpreter,
  });
  expect(tree).toBeDefined();
  return tree as WheelTree;
}

const textOf = ({ incoming }: WheelTree, name: string): string => {
  const { made, tree } = incoming;
  return fs.readFileSync(`${made.paths.has(name) ? made.tree : tree}/${name}`, "utf8");
};
const artifacts = (): string[] => fs.readdirSync(`${root}/store/artifacts`);
const made = (): string[] => fs.readdirSync(`${root}/store/made`);

test("for another interpreter only what names it is made", () => {
  const [one, two] = [take("/one/bin/python"), take("/two/bin/python")];
  expect(textOf(one, "bin/old")).toBe("#!/one/bin/python\nprint(1)\n");
  expect(textOf(two, "bin/old")).toBe("#!/two/bin/python\nprint(1)\n");
  expect(two.incoming.tree).toBe(one.incoming.tree);
  expect(two.incoming.artifact).not.toBe(one.incoming.artifact);
  expect([...one.incoming.made.paths].sort()).toEqual([
    "bin/old",
    ...["INSTALLER", "RECORD", "REQUESTED", "direct_url.json"].map(
      (name) => `lib/python3/site-packages/greet-1.0.dist-info/${name}`,
    ),
  ]);
  expect([artifacts().length, made().length]).toEqual([1, 2]);
});

test("the same is not made twice, and the manifest has all", () => {
  const [one, again] = [take("/one/bin/python"), take("/one/bin/python")];
  expect(again).toEqual(one);
  const files = one.incoming.manifest.filter(({ type }) => type === "file");
  expect(files.map(({ path }) => path)).toContain("bin/tool");
  for (const { path } of files) expect(() => textOf(one, path)).not.toThrow();
  expect(textOf(one, "lib/python3/site-packages/greet-1.0.dist-info/RECORD")).toContain(
    "../../../bin/old,sha256=",
  );
  expect(store.treesOf(one.incoming.artifact, "/p")).toEqual([
    one.incoming.made.tree,
    one.incoming.tree,
  ]);
});

test("what is damaged in the store is made again", () => {
  const { incoming } = take("/one/bin/python");
  fs.writeFileSync(`${root}/store/made/${incoming.artifact}/made.json`, "{");
  expect(store.treesOf(incoming.artifact, "/p")).toEqual([]);
  expect(take("/one/bin/python").incoming.artifact).toBe(incoming.artifact);
  expect(store.treesOf(incoming.artifact, "/p")).toEqual([incoming.made.tree, incoming.tree]);
  for (const note of fs.readdirSync(`${root}/store/wheels`))
    fs.writeFileSync(`${root}/store/wheels/${note}`, "null");
  expect(take("/one/bin/python").incoming.artifact).toBe(incoming.artifact);
  expect([artifacts().length, made().length]).toEqual([1, 1]);
});

test("a note that leads out of the prefix is not believed", () => {
  const { incoming } = take("/one/bin/python");
  const folder = `${root}/store/wheels`;
  for (const name of fs.readdirSync(folder)) {
    const text = fs.readFileSync(`${folder}/${name}`, "utf8");
    fs.writeFileSync(`${folder}/${name}`, text.replaceAll('"bin/old"', '"../../old"'));
  }
  const again = take("/two/bin/python");
  expect([...again.incoming.made.paths]).toContain("bin/old");
  expect(again.incoming.tree).toBe(incoming.tree);
});

test("a wheel may have the longest name that a file can have", () => {
  const tags = "any.".repeat(57);
  file = `${root}/greet-1.0-py3-none-${tags}any.whl`;
  expect(path.basename(file)).toHaveLength(254);
  fs.writeFileSync(file, wheelOf({ files: { "greet.py": "hello = 1\n" } }));
  expect(take("/one/bin/python").incoming.made.paths.size).toBe(4);
});
