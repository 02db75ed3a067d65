/** Modules are compiled once for all that is built with them, and no bytecode comes into the prefix. */
import * as fs from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { wheelOf } from "../wheel/wheel-writer.ts";
import { noView, openWorkshop, skippedWord, type Workshop } from "./workshop.ts";

const wheel = wheelOf({
  files: { "greet.py": "hello = 1\n", "odd.py": "for later versions of Python (\n" },
});

/** What it is built with is imported in its view, by a script. */
function recipe(name: string, script: string): string {
  return `name = "${name}"
version = "1.0"
depends.build = ["greet"]
[build]
system = "script"
script = '''
${script}
mkdir -p "$PREFIX/share" && echo ${name} >"$PREFIX/share/${name}"
'''
`;
}

/** In the flags of PEP 552: the source is compared by its digest. */
const cached = `import greet, os
assert os.path.isfile(greet.__cached__), greet.__cached__
content = open(greet.__cached__, "rb").read(16)
assert content[4] == 3, content`;

let shop: Workshop;
beforeEach(() => {
  shop = openWorkshop({
    "packages/greet/greet-1.0-py3-none-any.whl": wheel,
    "packages/greet/recipe.toml": `name = "greet"
version = "1.0"
source.path = "greet-1.0-py3-none-any.whl"
build.system = "wheel"
`,
    "packages/user.toml": recipe("user", `python3 -c '${cached}'`),
  });
});
afterEach(() => shop.dispose());

function bytecodeIn(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".pyc"));
}

describe.skipIf(noView !== undefined)(`bytecode in a view${skippedWord}`, () => {
  test("is there, and nowhere in the prefix", async () => {
    await shop.must("build");
    expect(bytecodeIn(shop.prefix)).toEqual([]);
    const inStore = bytecodeIn(`${shop.store}/artifacts`);
    expect(inStore).toEqual([
      expect.stringMatching(/\/bytecode\/lib\/.*\/greet\.cpython-\d+\.pyc$/),
    ]);
    expect(await shop.must("verify")).toMatch(/^ok: /m);
  });

  test("is not made of what nothing is built with", async () => {
    fs.rmSync(`${shop.workspace}/packages/user.toml`);
    await shop.must("build");
    expect(bytecodeIn(`${shop.store}/artifacts`)).toEqual([]);
  });

  test("may be removed, and is not run for another module", async () => {
    const folder = `$(dirname "$(python3 -c 'import greet; print(greet.__file__)')")`;
    const script = `site=${folder}
rm -r "$site/__pycache__"
test ! -e "$site/__pycache__"`;
    shop.write({ "packages/user.toml": recipe("user", script) });
    await shop.must("build");
    expect(fs.readFileSync(`${shop.prefix}/share/user`, "utf8")).toBe("user\n");
    expect(await shop.must("files", "user")).toBe("share/user\n");
    expect(await shop.must("verify")).toMatch(/^ok: /m);

    const changing = `cd "${folder}"
echo "hello = 2" >greet.py && touch -d @315532800 greet.py
test "$(cd / && python3 -c 'import greet; print(greet.hello)')" = 2
echo "hello = 1" >greet.py`;
    shop.write({ "packages/user.toml": recipe("user", changing) });
    await shop.must("build");
    expect(await shop.must("files", "user")).toBe("share/user\n");
  });
});
