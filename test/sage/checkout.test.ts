/** Every odd case of build/pkgs, each in a checkout of a few packages. */
import { describe, expect, test } from "vitest";
import { readCheckout } from "../../src/sage/checkout.ts";
import type { SageDependencies } from "../../src/sage/dependencies.ts";
import { TenonError } from "../../src/core/index.ts";
import {
  checksums,
  type CheckoutFiles,
  disk,
  makeCheckout,
  packageFiles,
  someDigest,
} from "./checkout-folder.ts";

const others: CheckoutFiles = {
  "build/make/Makefile.in": [
    "PYTHON = python3",
    "MP_LIBRARY = gmp",
    "BLAS = openblas",
    "PYTHON_TOOLCHAIN = pip wheel",
    "TOOLCHAIN = @SAGE_TOOLCHAIN@",
    "",
  ].join("\n"),
  ...packageFiles("gmp", { "checksums.ini": checksums("gmp-6.tar.xz") }),
  ...packageFiles("zlib", { "checksums.ini": checksums("zlib-1.tar.gz") }),
  ...packageFiles("xz", { "checksums.ini": checksums("xz-5.tar.gz") }),
};

function read(files: CheckoutFiles, name: string) {
  const checkout = readCheckout(disk, makeCheckout({ ...others, ...files }));
  const item = checkout.packages.get(name);
  const needs = checkout.dependencies.get(name);
  if (item === undefined || needs === undefined) throw new Error(`${name} was not read`);
  return { item, needs };
}

function needsOf(files: Readonly<Record<string, string>>): SageDependencies {
  return read(packageFiles("own", files), "own").needs;
}

describe("a folder of build/pkgs", () => {
  test("is a package only with a type", () => {
    const { packages } = readCheckout(
      disk,
      makeCheckout({ ...others, "build/pkgs/pcre/distros/debian.txt": "libpcre3-dev\n" }),
    );
    expect([...packages.keys()]).toEqual(["gmp", "xz", "zlib"]);
  });

  test.each([
    ["pip", { "requirements.txt": "own\n", "checksums.ini": checksums("own-1.tar.gz") }],
    ["wheel", { "checksums.ini": checksums("own-1-py3-none-any.whl"), "spkg-install.in": "" }],
    ["normal", { "checksums.ini": checksums("own-1.tar.gz"), "spkg-install.in": "" }],
    ["script", { "spkg-install.in": "" }],
    ["script", { "spkg-install": "" }],
    ["none", { "spkg-configure.m4": "" }],
  ])("has the source type %s", (source, files) => {
    expect(read(packageFiles("own", files), "own").item.source).toBe(source);
  });

  test("may consist of links", () => {
    const files = {
      ...packageFiles("own", {
        "package-version.txt": "2.5\n",
        "checksums.ini": checksums("own-VERSION.tar.gz"),
      }),
      "build/pkgs/same": { link: "own" },
      ...packageFiles("like", {
        "checksums.ini": { link: "../own/checksums.ini" },
        "package-version.txt": { link: "../own/package-version.txt" },
        src: { link: "../../../pkgs/like" },
      }),
      "pkgs/like/setup.py": "",
    };
    expect(read(files, "same").item).toMatchObject({ name: "same", version: "2.5" });
    const { item } = read(files, "like");
    expect(item.archives[0]?.fileName).toBe("own-2.5.tar.gz");
    expect(item.sourceFolder).toMatch(/\/pkgs\/like$/);
  });

  test("goes to the tree that its files say", () => {
    const tree = (files: Readonly<Record<string, string>>) =>
      read(packageFiles("own", files), "own").item.trees;
    expect(tree({})).toEqual(["SAGE_LOCAL"]);
    expect(tree({ "version_requirements.txt": "own\n" })).toEqual(["SAGE_VENV"]);
    expect(tree({ "requirements.txt": "own\n" })).toEqual(["SAGE_VENV"]);
    expect(tree({ "trees.txt": "SAGE_DOCS # not now\n", "requirements.txt": "own\n" })).toEqual([
      "SAGE_DOCS",
    ]);
  });
});

describe("versions and archives", () => {
  test("a patch level belongs to the version, but to no address", () => {
    const { item } = read(
      packageFiles("own", {
        "package-version.txt": "1.22.3.p4\n",
        "checksums.ini":
          `tarball=own-VERSION.tar.bz2\nsha1=none\nsha256=${someDigest}\n` +
          "upstream_url=ftp://x/VERSION_MAJOR.${VERSION_MINOR}/m${VERSION_MICRO}/own-${VERSION}.tar.bz2\n",
      }),
      "own",
    );
    expect(item.version).toBe("1.22.3.p4");
    expect(item.archives).toEqual([
      {
        fileName: "own-1.22.3.tar.bz2",
        sha256: someDigest,
        upstreamUrl: "ftp://x/1.22/m3/own-1.22.3.tar.bz2",
      },
    ]);
  });

  test("without a file there is none", () => {
    expect(read(packageFiles("own", {}), "own").item.version).toBeUndefined();
  });

  test("a package may have several, in sections", () => {
    const names = ["own-1-cp312-cp312-linux_x86_64.whl", "own-1-cp313-cp313-linux_x86_64.whl"];
    const { item } = read(packageFiles("own", { "checksums.ini": checksums(...names) }), "own");
    expect(item.archives.map(({ fileName }) => fileName)).toEqual(names);
  });
});

describe("a line of dependencies", () => {
  test("ends with the first line, and at #", () => {
    const needs = needsOf({ dependencies: "gmp # zlib\n\n----------\nzlib is prose\n" });
    expect(needs).toMatchObject({ build: ["gmp"], run: ["gmp"], orderOnly: [] });
  });

  test.each([
    ["gmp | zlib", ["gmp"], ["zlib"]],
    [" | zlib gmp", [], ["gmp", "zlib"]],
    ["gmp |", ["gmp"], []],
    ["", [], []],
    ["own gmp gmp", ["gmp"], []],
  ])("%j", (dependencies, build, orderOnly) => {
    expect(needsOf({ dependencies })).toMatchObject({ build, orderOnly });
  });

  test("may be in files of their own", () => {
    const needs = needsOf({
      dependencies: "gmp\n",
      dependencies_build: "zlib | xz\n",
      dependencies_order_only: "gmp\n",
      dependencies_check: "zlib\n",
      dependencies_optional: "xz\n",
    });
    expect(needs).toEqual({
      build: ["zlib"],
      orderOnly: ["gmp", "xz"],
      run: ["gmp"],
      check: ["zlib"],
      optional: ["xz"],
      real: [],
      files: [],
    });
  });

  test("may use make's variables", () => {
    const files = {
      ...packageFiles("openblas", {}),
      ...packageFiles("own", { dependencies: "$(MP_LIBRARY) $(BLAS) $(SCRIPTS) $(INST)/$(ZLIB)" }),
    };
    expect(read(files, "own").needs.build).toEqual(["gmp", "openblas", "zlib"]);
  });

  test("may use make's functions, with blanks and parentheses in them", () => {
    const needs = needsOf({
      dependencies:
        "gmp $(and $(filter-out no,$(SAGE_CHECK_own)), zlib $(MP_LIBRARY)) " +
        "$(findstring xz,$(OPTIONAL_INSTALLED_PACKAGES)) | zlib",
    });
    expect(needs).toMatchObject({
      build: ["gmp"],
      orderOnly: ["zlib"],
      check: ["gmp", "zlib"],
      optional: ["xz"],
      files: [],
    });
  });

  test("may ask for a package even where the system has it", () => {
    const stamp = "$(SAGE_LOCAL)/$(SPKG_INST_RELDIR)/xz-$(vers_xz)";
    expect(needsOf({ dependencies: stamp })).toMatchObject({ build: [], real: ["xz"], files: [] });
  });

  test("may name files, and what is no package counts as one", () => {
    const needs = needsOf({ dependencies: "$(SAGE_ROOT)/pkgs/x/*.py $(SAGE_SRC)/y.pxd gone gmp" });
    const files = needs.files.map((file) => file.replace(/^.*tenon-sage-[^/]*/, "ROOT"));
    expect(files).toEqual(["ROOT/pkgs/x/*.py", "ROOT/src/y.pxd", "gone"]);
    expect(needs.build).toEqual(["gmp"]);
  });
});

describe("edges that no file of the package says", () => {
  const python = {
    ...packageFiles("python3", {}),
    ...packageFiles("pip", {
      "version_requirements.txt": "pip\n",
      "checksums.ini": checksums("pip-1-py3-none-any.whl"),
    }),
    ...packageFiles("wheel", {
      "version_requirements.txt": "# at least\nwheel >=1\n",
      "checksums.ini": checksums("wheel-1-py3-none-any.whl"),
    }),
    ...packageFiles("mine", {
      "version_requirements.txt": "Mi_Ne\n",
      "checksums.ini": checksums("mine-1.tar.gz"),
    }),
  };

  test("Python packages need an interpreter, and pip or what builds wheels", () => {
    expect(read(python, "pip").needs.orderOnly).toEqual(["python3"]);
    expect(read(python, "wheel").needs.orderOnly).toEqual(["pip", "python3"]);
    expect(read(python, "mine").needs.orderOnly).toEqual(["pip", "python3", "wheel"]);
  });

  test("a checkout whose own tools add none gets none", () => {
    const old = { ...python, "build/sage_bootstrap/package.py": "class Package:\n" };
    expect(read(old, "mine").needs.orderOnly).toEqual([]);
  });

  test("pyproject.toml.m4 names packages in three ways", () => {
    const files = {
      ...python,
      ...packageFiles("sage_conf", {}),
      ...packageFiles("boost_cropped", { "purl.txt": "pkg:generic/boost\n" }),
      ...packageFiles("own", { src: { link: "../../../pkgs/own" } }),
      "pkgs/own/pyproject.toml.m4": [
        "include(`spkg.m4')dnl",
        "[build-system]",
        "requires = [",
        "    SPKG_INSTALL_REQUIRES_wheel",
        "    SPKG_INSTALL_REQUIRES_sage_conf",
        "]",
        '    "pkg:generic/zlib",', // of no list
        "[project]",
        "dependencies = [",
        '    "Mi-ne",',
        '    "elsewhere >=2",',
        "]",
        "[external]",
        'host-requires = ["pkg:generic/gmp"',
        "]",
        "build-requires = [",
        '    "pkg:generic/boost",',
        "]",
        "test = [",
        '    "pkg:pypi/pip",',
        "]",
        "",
      ].join("\n"),
    };
    expect(read(files, "own").needs).toMatchObject({
      build: ["boost_cropped", "gmp", "wheel"],
      orderOnly: ["sage_conf"],
      run: ["gmp", "mine"],
      check: ["pip"],
    });
  });
});

describe("mistakes", () => {
  test("are told all at once, with their files", () => {
    const checkout = makeCheckout({
      ...packageFiles("A-b", {}),
      ...packageFiles("own", {
        type: "special\n",
        "src/pyproject.toml.m4": 'requires = ["gone",\n]\n',
      }),
    });
    expect(() => readCheckout(disk, checkout)).toThrow(
      expect.objectContaining({
        code: "SAGE_PACKAGE",
        message: [
          "build/pkgs/A-b: a package's name has lower-case letters, digits and '_' only",
          'build/pkgs/own/type: its type is "special", not one of base, standard, optional, experimental',
          "build/pkgs/own/src/pyproject.toml.m4: its list requires asks for pkg:pypi/gone, which is not a package of the checkout",
        ].join("\n"),
      }),
    );
  });

  test("a folder that is no checkout is refused", () => {
    expect(() => readCheckout(disk, "/dev")).toThrow(TenonError);
  });
});
