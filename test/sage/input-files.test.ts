/** The files of a source in the tree, which many packages share or which lies at the root. */
import { describe, expect, test } from "vitest";
import { readCheckoutWorkspace } from "../../src/sage/workspace.ts";
import {
  addFiles,
  type CheckoutFiles,
  makeCheckout,
  packageFiles,
  world,
} from "./checkout-folder.ts";

function inputsOf(name: string, files: CheckoutFiles, lines: readonly string[] = []) {
  const root = makeCheckout(files);
  addFiles(root, {
    "src/bin/sage-env-config": `export SAGE_LOCAL="${root}/local"\n`,
    "build/make/Makefile": [...lines, ""].join("\n"),
  });
  const recipe = readCheckoutWorkspace(world, root).recipes.get(name);
  const inputs = recipe?.inputFiles?.().map((file) => file.replace(`${root}/`, ""));
  const own = recipe?.build.outside?.own?.map((path) => path.replace(`${root}/`, ""));
  return { inputs: inputs?.filter((file) => !file.startsWith("build/pkgs/")), own };
}

describe("a project that shares its source by a link", () => {
  const part = {
    ...packageFiles("part", { src: { link: "../../../pkgs/part" }, "spkg-install.in": "" }),
    "pkgs/part/setup.py": "",
    "pkgs/part/sage": { link: "../../src/sage" },
    "pkgs/part/again": { link: "." },
    "pkgs/part/elsewhere": { link: "/etc" },
    "src/sage/a.pyx": "",
    "src/sage/misc/b.py": "",
    "src/sage/misc/__pycache__/b.pyc": "",
  };

  test("is made of all that the link leads to", () => {
    expect(inputsOf("part", part).inputs).toEqual([
      "src/bin/sage-env-config",
      "pkgs/part/setup.py",
      "src/sage/a.pyx",
      "src/sage/misc/b.py",
    ]);
  });

  test("or of what its MANIFEST.in takes of it", () => {
    const manifest = { "pkgs/part/MANIFEST.in": "prune sage\ninclude sage/misc/*.py\n" };
    expect(inputsOf("part", { ...part, ...manifest }).inputs).toEqual([
      "src/bin/sage-env-config",
      "pkgs/part/MANIFEST.in",
      "pkgs/part/setup.py",
      "src/sage/misc/b.py",
    ]);
  });
});

describe("what is built at the root, which make runs each time", () => {
  const library = {
    ...packageFiles("library", { "spkg-install.in": 'cd "$SAGE_ROOT"\n' }),
    "meson.build": "",
    "config.log": "",
    "src/sage/a.pyx": "",
    "local/lib/a.so": "",
  };

  test("is made of the sources there, and keeps its objects", () => {
    const { inputs, own } = inputsOf("library", library, ["deps_library = FORCE |"]);
    const expected = ["meson.build", "src/bin/sage-env-config", "src/sage/a.pyx"];
    expect(inputs?.sort()).toEqual(expected);
    expect(own).toEqual(["build/sage-distro"]);
  });

  test("and nothing else is", () => {
    const { inputs, own } = inputsOf("library", library);
    expect({ inputs, own }).toEqual({ inputs: ["src/bin/sage-env-config"], own: [] });
  });
});
