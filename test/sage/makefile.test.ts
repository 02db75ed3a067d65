/** What make reads in a configured checkout, tenon reads from the same makefile. */
import { describe, expect, test } from "vitest";
import { readInstalled } from "../../src/sage/installed.ts";
import { readCheckoutWorkspace } from "../../src/sage/workspace.ts";
import {
  addFiles,
  type CheckoutFiles,
  checksums,
  disk,
  makeCheckout,
  packageFiles,
  world,
} from "./checkout-folder.ts";

const script = { "spkg-install.in": "" };
const project = { "version_requirements.txt": "project\n", "spkg-install.in": "" };

function configure(lines: readonly string[], more: CheckoutFiles = {}) {
  const root = makeCheckout({
    ...packageFiles("tool", script),
    ...packageFiles("library", script),
    ...packageFiles("user", script),
    ...more,
  });
  addFiles(root, {
    "src/bin/sage-env-config": `export SAGE_LOCAL="${root}/local"\n`,
    "build/make/Makefile": [`SAGE_VENV = \${SAGE_LOCAL}/venv`, ...lines, ""].join("\n"),
  });
  return { root, ...readCheckoutWorkspace(world, root) };
}

describe("the dependencies of a package", () => {
  const all = (lines: readonly string[]) => {
    const depends = configure(lines).recipes.get("user")?.depends;
    return { build: depends?.build, run: depends?.run, check: depends?.check };
  };

  test("stand in one line, those to the right of the bar for building only", () => {
    expect(all(["deps_user = library | tool"])).toEqual({
      build: ["tool"],
      run: ["library"],
      check: [],
    });
  });

  test("or in three", () => {
    const lines = ["build_deps_user = tool", "deps_user = library", "check_deps_user = tool"];
    expect(all(lines)).toEqual({ build: ["tool"], run: ["library"], check: ["tool"] });
  });

  test("may be what variables of the makefile stand for, through others", () => {
    const lines = ["BLAS = $(REAL)", "REAL = library", "deps_user = $(BLAS) $(UNSET) |"];
    expect(all(lines)).toMatchObject({ build: [], run: ["library"] });
  });

  test("may be for its check, on either side of the bar", () => {
    const tested = "$(and $(filter-out no,$(SAGE_CHECK_user)), tool)";
    expect(all([`deps_user = library | ${tested}`])).toMatchObject({ build: [], check: ["tool"] });
  });

  test("to the right of the bar are imported by others, unless they are the makefile's tools for wheels", () => {
    const lines = ["PYTHON_TOOLCHAIN = tool", "deps_py = | $(PYTHON_TOOLCHAIN) library"];
    const { recipes } = configure(lines, packageFiles("py", project));
    expect(recipes.get("py")?.depends).toMatchObject({ build: ["tool"], run: ["library"] });
  });

  test("have the tools for wheels, said or not, where a project is built of its source", () => {
    const archive = { ...project, "checksums.ini": checksums("p.tar.gz") };
    const wheel = { ...project, "checksums.ini": checksums("w-1-py3-none-any.whl") };
    const more = {
      ...packageFiles("py", archive),
      ...packageFiles("wheel", wheel),
      ...packageFiles("maker", archive),
    };
    const lines = ["PYTHON_TOOLCHAIN = maker", "deps_maker = library"];
    const { recipes } = configure(lines, more);
    expect(recipes.get("py")?.depends).toMatchObject({ build: ["maker"], run: [] });
    const others = ["wheel", "library", "maker", "user"].map((name) => recipes.get(name)?.depends);
    expect(others.flatMap((depends) => depends?.build)).toEqual([]);
  });

  test("that lead in a circle are dropped where make drops them, and that is told", () => {
    const lines = ["deps_library = tool", "deps_tool = user", "deps_user = library"];
    const { recipes, remarks } = configure(lines);
    const runs = [...recipes.values()].map(({ name, depends }) => [name, depends.run]);
    expect(Object.fromEntries(runs)).toEqual({ library: ["tool"], tool: ["user"], user: [] });
    expect(remarks).toEqual([expect.stringMatching(/circular .*: user <- library$/)]);
  });
});

describe("an installation tree", () => {
  test("is what the makefile says", () => {
    const { recipes } = configure(["trees_user = SAGE_DOCS", "SAGE_DOCS = ${SAGE_LOCAL}/docs"]);
    const { sage, sageStamp, refusal } = recipes.get("user") ?? {};
    expect({ tree: sage?.tree, refusal }).toEqual({ tree: "SAGE_DOCS", refusal: undefined });
    expect(sageStamp?.path).toBe("docs/var/lib/sage/installed/user-none");
  });

  test("that is disabled has no packages", () => {
    const { recipes, usual } = configure([
      "trees_user = SAGE_DOCS",
      "SAGE_DOCS =",
      "SAGE_DOCS_DISABLED_MESSAGE = It is off.",
      "OPTIONAL_INSTALLED_PACKAGES = user tool",
    ]);
    expect(usual).toEqual(["tool"]);
    expect(recipes.get("user")?.refusal?.()).toEqual({
      reason: "the installation tree SAGE_DOCS has been disabled",
      hint: "It is off.",
    });
  });
});

describe("descriptions of the system's libraries", () => {
  const lines = [
    "LN = ln",
    "PCFILES = $(SAGE_PKGCONFIG)/blas.pc",
    "deps_user = $(PCFILES)",
    "$(SAGE_PKGCONFIG)/blas.pc $(SAGE_PKGCONFIG)/lapack.pc:",
    "\t-rm -f $@",
    '\t$(LN) -sf "/usr/lib/openblas.pc" "$(@)"',
    "",
    "deps_tool =",
  ];

  test("are a package that everything is built with, made by the makefile's own rules", () => {
    const { recipes, root } = configure(lines);
    expect(recipes.get("user")?.depends.build).toEqual(["system_pkgconfig"]);
    expect(recipes.get("tool")?.depends.build).toEqual(["system_pkgconfig"]);
    const text = recipes.get("system_pkgconfig")?.build.script;
    expect(text).toContain(`make -f - ${root}/local/lib/pkgconfig/blas.pc <<`);
    expect(text).toContain(`\nSAGE_PKGCONFIG = ${root}/local/lib/pkgconfig\n`);
    expect(text).toContain('\t$(LN) -sf "/usr/lib/openblas.pc" "$(@)"\n');
    expect(text).toContain("\nLN = ln\n");
    expect(recipes.get("user")?.inputFiles?.().join(" ")).not.toContain("blas.pc");
  });

  test("that make has written are adopted", () => {
    const { recipes, root } = configure(lines, { "local/lib/pkgconfig/blas.pc": "Name: blas\n" });
    const found = readInstalled(disk, `${root}/local`, recipes, () => false);
    expect(found.map(({ name, paths }) => ({ name, paths }))).toEqual([
      { name: "system_pkgconfig", paths: ["lib/pkgconfig/blas.pc"] },
    ]);
  });

  test("are not there where none is wanted", () => {
    expect(configure(["PCFILES ="]).recipes.has("system_pkgconfig")).toBe(false);
  });
});
