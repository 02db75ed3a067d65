/** What configure has decided changes the recipes. */
import { describe, expect, test } from "vitest";
import { readCheckoutWorkspace } from "../../src/sage/workspace.ts";
import {
  addFiles,
  checksums,
  type CheckoutFiles,
  makeCheckout,
  packageFiles,
  someDigest,
  world,
} from "./checkout-folder.ts";

const packages: CheckoutFiles = {
  ...packageFiles("gmp", { "spkg-install.in": "" }),
  ...packageFiles("patch", { "spkg-install.in": "", dependencies: "info" }),
  ...packageFiles("info", { "spkg-install.in": "" }),
  ...packageFiles("greet", {
    "version_requirements.txt": "Gre.et\n",
    "package-version.txt": "1.0.p1\n",
    "checksums.ini": `${checksums("greet-VERSION.tar.gz")}upstream_url=https://up.test/VERSION.tar.gz\n`,
    "patches/one.patch": "",
    "SPKG.rst": "",
    "spkg-check.in": "",
  }),
  ...packageFiles("plain", { "checksums.ini": checksums("plain-1-py3-none-any.whl") }),
  ".upstream.d/20-last": "https://last.test/",
  ".upstream.d/10-first": "# told\nhttps://first.test/${SPKG}\n\n",
};

const makefileEnd = [
  "PYTHON_TOOLCHAIN = pip wheel",
  "ifeq ($(SAGE_VENV_FLAGS),DISABLED)",
  "PYTHON = $(SAGE_LOCAL)/var/lib/sage/installed/.dummy",
  "else",
  "ifneq ($(PYTHON_FOR_VENV),)",
  "PYTHON = python3_venv",
  "endif",
  "endif",
  "base: $(inst_patch)",
  "",
];

function configure(lines: readonly string[], more: CheckoutFiles = {}) {
  const root = makeCheckout({
    ...packages,
    "src/bin/sage-env-config": 'export SAGE_LOCAL="/opt/sage"\n',
    "build/make/Makefile": [
      "PYTHON = python3",
      "SAGE_VENV = ${SAGE_LOCAL}/venv",
      "DUMMY_PACKAGES = \\\n    gmp",
      "build_deps_greet = gmp $(SAGE_ROOT)/data/*.txt | $(PYTHON)",
      "build_deps_patch = info |",
      ...lines,
      ...makefileEnd,
    ].join("\n"),
    ...more,
  });
  return { root, ...readCheckoutWorkspace(world, root) };
}

const ownPython = ["PYTHON_FOR_VENV = /usr/bin/python3", "PYTHON_MINOR = 12"];

describe("a configured checkout", () => {
  test("has its own prefix, and nothing to say", () => {
    const { prefix, remarks, notReady } = configure([]);
    expect({ prefix, remarks, notReady }).toEqual({
      prefix: "/opt/sage",
      remarks: undefined,
      notReady: undefined,
    });
  });

  test("needs nothing that the machine has", () => {
    const { recipes } = configure(ownPython);
    expect(recipes.get("greet")?.depends.build).not.toContain("gmp");
  });

  test("gets its virtual environment of the machine's Python as a package", () => {
    const { recipes, root } = configure([...ownPython, "SAGE_VENV_FLAGS = --system-site-packages"]);
    expect(recipes.get("greet")?.depends.run).toContain("python3_venv");
    const venv = recipes.get("python3_venv");
    expect(venv?.build.script).toContain(
      `/usr/bin/python3 ${root}/build/bin/sage-venv --system-site-packages /opt/sage/venv\n`,
    );
    expect(venv?.build.script).toContain(
      "python3_venv-3.12--usr-bin-python3--system-site-packages",
    );
    expect(configure([]).recipes.has("python3_venv")).toBe(false);
  });

  test("is built with its base packages, which are not built with themselves", () => {
    const { recipes } = configure([]);
    expect(recipes.get("greet")?.depends.build).toEqual(["patch"]);
    expect(recipes.get("info")?.depends.build).toEqual([]);
    expect(recipes.get("plain")?.depends.build).toEqual([]); // a wheel
  });

  test("lets others import what a Python package has before it, but not what makes its wheel", () => {
    const lines = ["build_deps_greet =  | $(PYTHON_TOOLCHAIN) info", "build_deps_plain =  | info"];
    const tools = { ...packageFiles("wheel", {}), ...packageFiles("pip", {}) };
    const { recipes } = configure(lines, tools);
    expect(recipes.get("greet")?.depends).toMatchObject({
      build: ["patch", "pip", "wheel"],
      run: ["info"],
    });
    expect(recipes.get("plain")?.depends).toMatchObject({ build: ["info"], run: [] });
  });

  test("has pip where the tools for wheels are themselves made of a project that does not name it", () => {
    const lines = ["build_deps_wheel = greet", "build_deps_greet =", "build_deps_pip ="];
    const tools = { ...packageFiles("wheel", {}), ...packageFiles("pip", {}) };
    const { recipes } = configure(lines, tools);
    expect(recipes.get("greet")?.depends.build).toEqual(["patch", "pip"]);
    expect(recipes.get("pip")?.depends.build).toEqual([]);
  });

  test("knows what its make would build", () => {
    const { usual } = configure(["OPTIONAL_INSTALLED_PACKAGES = \\\n    greet \\\n    gmp"]);
    expect(usual).toEqual(["greet"]);
  });

  test("may depend on an optional package where that is wanted", () => {
    const line = "build_deps_plain =  $(optional_inst_info)  | ";
    expect(configure([line]).recipes.get("plain")?.depends.build).toEqual([]);
    const wanted = "OPTIONAL_INSTALLED_PACKAGES = info";
    expect(configure([line, wanted]).recipes.get("plain")?.depends.build).toEqual(["info"]);
  });

  test("without a virtual environment refuses its Python packages, and no others", () => {
    const lines = [
      ...ownPython,
      "SAGE_VENV_FLAGS = DISABLED",
      "build_deps_info = $(PYTHON)",
      "OPTIONAL_INSTALLED_PACKAGES = greet info",
    ];
    const { recipes, usual, notReady } = configure(lines, packageFiles("python3", {}));
    expect(notReady).toBeUndefined();
    expect(usual).toEqual(["info"]);
    expect(recipes.get("info")?.depends.build).toEqual([]);
    expect(recipes.get("greet")?.refusal?.().reason).toMatch(/without a virtual environment/);
  });
});

describe("a SAGE_VENV outside of SAGE_LOCAL", () => {
  const withVenv = (more: CheckoutFiles) => {
    const root = makeCheckout({ ...packages, ...more });
    const settings = [...ownPython, `SAGE_VENV = ${root}/venv`, "build_deps_greet =  | $(PYTHON)"];
    addFiles(root, {
      "src/bin/sage-env-config": `export SAGE_LOCAL="${root}/local"\n`,
      "build/make/Makefile": [...settings, ...makefileEnd].join("\n"),
    });
    return { root, ...readCheckoutWorkspace(world, root) };
  };
  const usual = "var/lib/sage/venv-python3.12";

  test("is to be a link to the place where Sage has it unless told", () => {
    const { root, entrance, notReady, recipes } = withVenv({});
    expect({ entrance, notReady }).toEqual({
      entrance: { path: `${root}/venv`, target: `${root}/local/${usual}` },
      notReady: undefined,
    });
    const greet = recipes.get("greet");
    expect(greet?.sageStamp?.path).toBe(`${usual}/var/lib/sage/installed/greet-1.0.p1`);
    expect(greet?.stage.drop).toContain(`${usual}/var/lock`);
    expect(greet?.build.script).toContain(`SAGE_VENV=${root}/venv`);
    const venv = recipes.get("python3_venv");
    expect(venv?.build.script).toMatch(`sage-venv ${root}/local/${usual}\n`);
  });

  test("is what its link leads to, though that is not there", () => {
    const { entrance, notReady, recipes } = withVenv({ venv: { link: "local/my/venv" } });
    expect({ entrance, notReady }).toEqual({ entrance: undefined, notReady: undefined });
    const path = "my/venv/var/lib/sage/installed/greet-1.0.p1";
    expect(recipes.get("greet")?.sageStamp?.path).toBe(path);
  });

  test.each([
    ["is a folder", { "venv/bin/python3": "" }],
    ["leads elsewhere", { venv: { link: "elsewhere" } }],
  ])("is not taken when it %s: how to move it is told", (_, files) => {
    const { root, notReady } = withVenv(files);
    expect(notReady).toContain(
      `mv ${root}/venv ${root}/local/${usual} && ln -s ${root}/local/${usual} ${root}/venv`,
    );
  });
});

describe("a package's source", () => {
  const urlsOf = (lines: readonly string[]) => {
    const { recipes, root } = configure(lines);
    return { root, source: recipes.get("greet")?.source };
  };

  test("is the checkout's own file, a project of the index, or on a mirror", () => {
    const { root, source } = urlsOf([]);
    expect(source).toEqual({
      kind: "url",
      urls: [
        `file://${root}/upstream/greet-1.0.tar.gz`,
        "https://first.test/greet/greet-1.0.tar.gz",
        "https://last.test/greet-1.0.tar.gz",
      ],
      sha256: someDigest,
      fileName: "greet-1.0.tar.gz",
      raced: true,
      project: "gre-et",
    });
  });

  test("is also upstream where configure was told so", () => {
    const { source } = urlsOf(["SAGE_SPKG_OPTIONS =  -o"]);
    expect(source?.kind === "url" && source.urls.at(-1)).toBe("https://up.test/1.0.tar.gz");
  });

  test.each([
    ["greet>=2", "greet"],
    ["Gre_et [extra] ; python_version < '4'", "gre-et"],
    ["# told\n\ngreet", "greet"],
    ["# nothing", "greeting"], // the package's own name
  ])("is of the project that its first requirement names: %j", (line, project) => {
    for (const file of ["version_requirements.txt", "install-requires.txt"]) {
      const greet = { [file]: `${line}\n`, "checksums.ini": checksums("g.tar.gz") };
      const { recipes } = configure([], packageFiles("greeting", greet));
      expect(recipes.get("greeting")?.source).toMatchObject({ project });
    }
  });

  test("is of the project that a wheel's own name says", () => {
    const { recipes } = configure([]);
    expect(recipes.get("plain")?.source).toMatchObject({ project: "plain" });
  });

  test("is of the project in whose folder of an index it lay, whatever the package is called", () => {
    const sums = `${checksums("t-VERSION.tar.gz")}upstream_url=https://index.test/packages/source/t/Th_ree/t-VERSION.tar.gz\n`;
    const files = { "checksums.ini": sums, "version_requirements.txt": "three_wheel\n" };
    const { recipes } = configure([], packageFiles("three_wheel", files));
    expect(recipes.get("three_wheel")?.source).toMatchObject({ project: "th-ree" });
  });

  test("has a sha1 to be pinned by where no sha256 is named, and a list of mirrors where none is", () => {
    const sha1 = "0123456789".repeat(4);
    const root = makeCheckout({
      ...packageFiles("old", { "checksums.ini": `tarball=old.tar.gz\nsha1=${sha1}\nmd5=0\n` }),
      ...packageFiles("new", { "checksums.ini": `${checksums("new.tar.gz")}sha1=${sha1}\n` }),
      "src/bin/sage-env-config": "",
      "build/make/Makefile": "",
    });
    const { recipes } = readCheckoutWorkspace(world, root);
    const list = {
      url: "http://www.sagemath.org/mirror_list",
      path: "spkg/upstream/old/old.tar.gz",
    };
    expect(recipes.get("old")?.source).toMatchObject({ sha1, mirrorLists: [list] });
    expect(recipes.get("old")?.source).not.toHaveProperty("sha256");
    expect(recipes.get("new")?.source).not.toHaveProperty("sha1");
  });
});

describe("where a package's source is looked for, and which of several it is", () => {
  test("may be on a person's own server, or on one of a list that a server gives", () => {
    const more = {
      ".upstream.d/10-first": "${SAGE_SERVER}/spkg/upstream/${SPKG}/\n",
      ".upstream.d/20-last": "https://list.test/mirror_list\n",
      ".upstream.d/20-last~": "https://old.test/\n",
    };
    const sourceWith = (environment: Readonly<Record<string, string>>) => {
      const { root } = configure([], more);
      const source = readCheckoutWorkspace(world, root, environment).recipes.get("greet")?.source;
      return source?.kind === "url" ? source : undefined;
    };
    const own = { SAGE_SERVER: "https://own.test/" };
    const place = "spkg/upstream/greet/greet-1.0.tar.gz";
    expect(sourceWith({})?.urls).toHaveLength(1);
    expect(sourceWith(own)?.urls.slice(1)).toEqual([`https://own.test/${place}`]);
    expect(sourceWith({})?.mirrorLists).toEqual([
      { url: "https://list.test/mirror_list", path: place },
    ]);
  });

  test("is the wheel for this interpreter and machine, of several", () => {
    const names = [
      "rpds-1-cp312-cp312-macosx_11_0_arm64.whl",
      "rpds-1-cp312-cp312-manylinux_2_17_aarch64.whl",
      "rpds-1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
      "rpds-1-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
      "rpds-1-cp312-cp312-musllinux_1_2_x86_64.whl",
    ];
    const several = packageFiles("rpds", { "checksums.ini": checksums(...names) });
    const root = makeCheckout({
      ...several,
      "src/bin/sage-env-config": "",
      "build/make/Makefile": "PYTHON_MINOR = 12\n",
    });
    const machine = { ...world.machine, architecture: "x64" };
    const source = readCheckoutWorkspace({ ...world, machine }, root).recipes.get("rpds")?.source;
    expect(source).toMatchObject({ fileName: names[3] });
  });
});

test("the files that a result depends on are its scripts, its patches and what it names", () => {
  const { recipes, root } = configure([], { "data/a.txt": "", "data/b.html": "" });
  const files = recipes
    .get("greet")
    ?.inputFiles?.()
    .map((file) => file.replace(`${root}/`, ""));
  expect(files).toEqual([
    "src/bin/sage-env-config",
    "build/pkgs/greet/checksums.ini",
    "build/pkgs/greet/package-version.txt",
    "build/pkgs/greet/patches/one.patch",
    "build/pkgs/greet/spkg-check.in",
    "build/pkgs/greet/type",
    "build/pkgs/greet/version_requirements.txt",
    "data/a.txt",
  ]);
});

test("a check is what has a script for it", () => {
  expect(configure([]).recipes.get("greet")?.check).toContain("sage-spkg -y -x greet-1.0.p1");
  expect(configure([]).recipes.get("plain")?.check).toBeUndefined();
});

test("what pip chooses is built online, and needs all that pip finds in its view", () => {
  const lines = ["build_deps_some = plain | $(PYTHON) $(PYTHON_TOOLCHAIN)", "deps_some = plain"];
  const more = {
    ...packageFiles("some", { "requirements.txt": "Some\n" }),
    ...packageFiles("wheel", { "checksums.ini": checksums("wheel-1-py3-none-any.whl") }),
  };
  const { recipes } = configure([...ownPython, ...lines], more);
  const { build, depends, refusal } = recipes.get("some") ?? {};
  expect({ online: build?.online, refusal }).toEqual({ online: true, refusal: undefined });
  expect(build?.script).toContain('--pip install -r "$SAGE_ROOT/build/pkgs/some/requirements.txt"');
  expect(depends).toEqual({
    build: [],
    run: ["patch", "plain", "python3_venv", "wheel"],
    check: [],
  });
  expect(recipes.get("greet")?.build.online).toBeUndefined();
});

describe("a person's own settings", () => {
  const buildWith = (name: string, environment: Readonly<Record<string, string>>) => {
    const more = packageFiles("tuned", { "spkg-install.in": 'test "$SAGE_FAT_BINARY"\n' });
    const { root } = configure([], more);
    return readCheckoutWorkspace(world, root, environment).recipes.get(name)?.build;
  };

  test("of compilers reach everything that is compiled", () => {
    const environment = { LDFLAGS: "-O1 -g", SAGE_DEBUG: "yes", HOME: "/home/me", SAGE_ROOT: "/" };
    const { LDFLAGS, SAGE_DEBUG } = environment;
    const { env, script } = buildWith("gmp", environment) ?? {};
    expect(env).toEqual({ LDFLAGS, SAGE_DEBUG });
    expect(script).toMatch(/^unset .*\bCPATH\b/m);
    expect(script).not.toMatch(/^unset .*\bLDFLAGS\b/m);
    expect(buildWith("plain", environment)?.env).toEqual({}); // a wheel
  });

  test("of packages reach those whose scripts speak of them", () => {
    const environment = { SAGE_FAT_BINARY: "yes", GMP_CONFIGURE: "--x" };
    expect(buildWith("tuned", environment)?.env).toEqual({ SAGE_FAT_BINARY: "yes" });
    expect(buildWith("gmp", environment)?.env).toEqual({});
  });
});
