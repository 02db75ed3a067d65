/** What Sage's own books say of what is installed, and how they are kept. */
import * as fs from "node:fs";
import { describe, expect, test } from "vitest";
import type { EventBody } from "../../src/core/index.ts";
import type { CompanionInstall } from "../../src/recipe/index.ts";
import { sage } from "../../src/sage/index.ts";
import {
  addFiles,
  type CheckoutFiles,
  checksums,
  disk,
  makeCheckout,
  packageFiles,
  world,
} from "./checkout-folder.ts";

const stamps = "var/lib/sage/installed";

/** A configured checkout whose SAGE_LOCAL, which is SAGE_VENV as well, holds these files. */
function openCheckout(local: CheckoutFiles = {}, environment: Record<string, string> = {}) {
  const root = makeCheckout({
    ...packageFiles("zlib", { "package-version.txt": "1.3", "spkg-install.in": "" }),
    ...packageFiles("greet", {
      "package-version.txt": "1.0",
      "version_requirements.txt": "greet\n",
      "checksums.ini": checksums("greet-VERSION.tar.gz"),
    }),
    ...packageFiles("chosen", { "requirements.txt": "Chosen\n", type: "optional\n" }),
    ...packageFiles("theirs", { type: "standard\n" }),
  });
  addFiles(root, {
    "src/bin/sage-env-config": `export SAGE_LOCAL="${root}/local"\n`,
    "build/make/Makefile": [
      `SAGE_VENV = ${root}/local`,
      "build_deps_greet = zlib | $(PYTHON)",
      "SAGE_CHECK_PACKAGES_DEFAULT_yes = !zlib",
      "",
    ].join("\n"),
    ...Object.fromEntries(Object.entries(local).map(([path, its]) => [`local/${path}`, its])),
  });
  const { companion } = sage.read(world, root, { environment });
  return { root, prefix: `${root}/local`, companion };
}

/** As sage-spkg writes it. */
function stampOf(name: string, files: readonly string[]): string {
  return JSON.stringify({ package_name: name, files });
}

const site = "lib/python3.12/site-packages";
const installed: CheckoutFiles = {
  "lib/libz.a": "",
  [`${stamps}/zlib-1.3`]: stampOf("zlib", ["lib/libz.a"]),
  [`${stamps}/greet-1.0`]: stampOf("greet", ["var/lib/sage/wheels/Greet-1.0-py3-none-any.whl"]),
  [`${stamps}/greet-0.9`]: stampOf("greet", ["old"]),
  "var/lib/sage/wheels/Greet-1.0-py3-none-any.whl": "",
  [`${site}/greet/__init__.py`]: "",
  [`${site}/Greet-1.0.dist-info/METADATA`]: "Name: Greet\n",
  [`${site}/Greet-1.0.dist-info/RECORD`]:
    "greet/__init__.py,,\nGreet-1.0.dist-info/METADATA,,\n../../../bin/greet,,\n",
};

describe("what Sage has installed", () => {
  const findAll = (isKnown = (_name: string): boolean => false) => {
    const { prefix, companion, root } = openCheckout(installed);
    const found = companion.installed(disk, prefix, isKnown);
    const get = (name: string): CompanionInstall | undefined =>
      found.find((each) => each.name === name);
    return { root, prefix, found, get };
  };

  test("is one version of each package, and nothing that is known", () => {
    const versions = findAll().found.map(({ name, version }) => `${name} ${version}`);
    expect(versions.toSorted()).toEqual(["greet 1.0", "zlib 1.3"]);
    expect(findAll((name) => name === "greet").found.map(({ name }) => name)).toEqual(["zlib"]);
  });

  test("is its stamp, the files that this lists, and what pip has unpacked of its wheels", () => {
    expect(findAll().get("greet")?.paths()).toEqual([
      `${stamps}/greet-1.0`,
      "var/lib/sage/wheels/Greet-1.0-py3-none-any.whl",
      `${site}/greet/__init__.py`,
      `${site}/Greet-1.0.dist-info/METADATA`,
      "bin/greet",
    ]);
  });

  test("is current unless one of its files, or a stamp of what it is built with, is newer", () => {
    const { root, prefix, get } = findAll();
    const settle = (path: string, seconds: number): void => fs.utimesSync(path, seconds, seconds);
    for (const path of fs.readdirSync(root, { recursive: true }))
      settle(`${root}/${String(path)}`, 1000);
    const isCurrent = (): unknown => [get("zlib")?.isCurrent(), get("greet")?.isCurrent()];
    expect(isCurrent()).toEqual([true, true]);
    settle(`${prefix}/${stamps}/zlib-1.3`, 2000);
    expect(isCurrent()).toEqual([true, false]);
    settle(`${prefix}/${stamps}/greet-1.0`, 2000);
    expect(isCurrent()).toEqual([true, true]);
    settle(`${root}/build/pkgs/zlib/spkg-install.in`, 3000);
    expect(isCurrent()).toEqual([false, true]);
  });
});

describe("Sage's own books", () => {
  test("have one time for all stamps of tenon's packages, and the others as they were", () => {
    const { prefix, companion } = openCheckout(installed);
    const timeOf = (name: string): number => fs.statSync(`${prefix}/${stamps}/${name}`).mtimeMs;
    fs.utimesSync(`${prefix}/${stamps}/greet-0.9`, 1000, 1000);
    const entry = (path: string) =>
      ({ type: "file", path, mode: 0o644, sizeBytes: 0, sha256: "" }) as const;
    const gone = entry(`${stamps}/gone-1`);
    companion.settle(world, prefix, [
      { name: "zlib", manifest: [entry("lib/libz.a"), entry(`${stamps}/zlib-1.3`), gone] },
      { name: "greet", manifest: [entry(`${stamps}/greet-1.0`)] },
    ]);
    expect(timeOf("zlib-1.3")).toBe(timeOf("greet-1.0"));
    expect(timeOf(".dummy")).toBe(timeOf("greet-1.0"));
    expect(timeOf("greet-0.9")).toBe(1_000_000);
    expect(fs.existsSync(`${prefix}/${stamps}/gone-1`)).toBe(false);
  });

  test("have the log of a package's last build alone", () => {
    const { root, companion } = openCheckout();
    const file = `${root}/logs/pkgs/zlib-1.3.log`;
    addFiles(root, { "1.log": "built\n", "2.log": "checked\n", "logs/pkgs/zlib-1.3.log": "old" });
    companion.keepLogs(disk, "zlib", [`${root}/1.log`, `${root}/2.log`, `${root}/gone.log`]);
    expect(fs.readFileSync(file, "utf8")).toBe("built\nchecked\n");
    companion.keepLogs(disk, "chosen", [`${root}/1.log`]);
    expect(fs.readFileSync(`${root}/logs/pkgs/chosen.log`, "utf8")).toBe("built\n");
  });
});

test("a SAGE_VENV elsewhere is made a link, whoever is first", () => {
  const root = makeCheckout(packageFiles("zlib", { "spkg-install.in": "" }));
  addFiles(root, {
    "src/bin/sage-env-config": `export SAGE_LOCAL="${root}/local"\n`,
    "build/make/Makefile": `SAGE_VENV = ${root}/venv\nPYTHON_MINOR = 12\n`,
  });
  const read = () => sage.read(world, root, {}).companion;
  const events: EventBody[] = [];
  const both = [read(), read()];
  for (const each of both) each.prepare(world, (event) => events.push(event));
  const target = `${root}/local/var/lib/sage/venv-python3.12`;
  expect(fs.readlinkSync(`${root}/venv`)).toBe(target);
  expect(fs.statSync(target).isDirectory()).toBe(true);
  const text = `${root}/venv is now a symbolic link to ${target}`;
  expect(events).toEqual([{ kind: "note", text }]);
  read().prepare(world, (event) => events.push(event));
  expect(events).toHaveLength(1);
});

test("its packages are known by their kinds; a system's is not among the standard ones", () => {
  const { root, companion } = openCheckout();
  const { standard, packages } = companion;
  expect(standard).toEqual(["greet", "zlib"]);
  expect(packages.get("zlib")).toMatchObject({
    facts: { type: "standard", source: "script", tree: "SAGE_LOCAL" },
    kind: "script in SAGE_LOCAL",
    priorSeconds: 30,
  });
  expect(packages.get("theirs")?.refusal?.().reason).toMatch(/^it is the system's/);
  const files = packages.get("zlib")?.inputFiles() ?? [];
  expect(files).toContainEqual({
    name: "build/pkgs/zlib/spkg-install.in",
    path: `${root}/build/pkgs/zlib/spkg-install.in`,
  });
  expect(companion.howToNeed("chosen", ["greet", "zlib"])).toBe(
    `add greet zlib to ${root}/build/pkgs/chosen/dependencies, run ./configure`,
  );
  expect(companion.howToClear("chosen")).toContain("./sage --pip uninstall");
});

test("the command asks for checks, else SAGE_CHECK does; its lists leave some out", () => {
  const checked = (environment: Record<string, string>, asked?: "require" | "warn") => {
    const modeOf = openCheckout({}, environment).companion.checksFor(asked);
    return ["greet", "zlib"].map(modeOf).join(" ");
  };
  expect(checked({})).toBe("no no");
  expect(checked({ SAGE_CHECK: "yes" })).toBe("require no");
  expect(checked({ SAGE_CHECK: "warn" })).toBe("warn no");
  expect(checked({ SAGE_CHECK: "warn" }, "require")).toBe("require no");
  expect(checked({ SAGE_CHECK_PACKAGES: "zlib" })).toBe("no require");
});
