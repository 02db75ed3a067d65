/**
 * The metadata of a whole distribution, 625 packages, against a graph that its own tools have written.
 * Both lie beside the repository in `shared/data`, if at all. Of that archive purl.txt, the makefile and the
 * install scripts are missing: two PURLs and the makefile's variables are put in, and `script` cannot be
 * told from `none`.
 */
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findCycles } from "../../src/recipe/index.ts";
import { type Checkout, readCheckout } from "../../src/sage/checkout.ts";
import { readCheckoutWorkspace } from "../../src/sage/workspace.ts";
import { disk, world } from "./checkout-folder.ts";

interface GraphEntry {
  readonly name: string;
  /** Without the patch level. */
  readonly version: string | null;
  readonly type: string;
  readonly source: string;
  readonly build: readonly string[];
  readonly order: readonly string[];
  readonly run: readonly string[];
  readonly check: readonly string[];
}

const variables = `PYTHON = python3
MP_LIBRARY = gmp
BLAS = openblas
PYTHON_TOOLCHAIN = setuptools pip setuptools_scm wheel flit_core hatchling python_build
SAGERUNTIME = sagelib $(inst_ipython) $(inst_pexpect)
`;

const data = ["../shared/data", "../../shared/data"].find((folder) => fs.existsSync(folder));

describe.skipIf(data === undefined)("real metadata (skipped: shared/data is not there)", () => {
  const folder = fs.mkdtempSync(join(tmpdir(), "tenon-metadata-"));
  const graph: GraphEntry[] = [];
  let checkout: Checkout;

  beforeAll(() => {
    execFileSync("tar", ["-xf", `${data}/sage-pkgs-metadata.tar.xz`, "-C", folder]);
    const pkgs = join(folder, "build/pkgs");
    fs.writeFileSync(join(pkgs, "pkgconf/purl.txt"), "pkg:generic/pkg-config\n");
    fs.writeFileSync(join(pkgs, "boost_cropped/purl.txt"), "pkg:generic/boost\n");
    fs.mkdirSync(join(folder, "build/make"));
    fs.writeFileSync(join(folder, "build/make/Makefile.in"), variables);
    graph.push(...JSON.parse(fs.readFileSync(`${data}/sage-graph.json`, "utf8")));
    checkout = readCheckout(disk, folder);
  }, 120_000);

  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }), 120_000);

  test("every package is read as it is", () => {
    expect(checkout.packages.size).toBe(625);
    const mine = [...checkout.packages.values()].map(({ name, type, source, version }) => ({
      name,
      type,
      source: source === "none" ? "script" : source,
      version: version?.replace(/\.p\d+$/, "") ?? null,
    }));
    const theirs = graph.map(({ name, type, source, version }) => ({
      name,
      type,
      source: source === "none" ? "script" : source,
      version,
    }));
    expect(mine).toEqual(theirs.toSorted((a, b) => (a.name < b.name ? -1 : 1)));
  });

  test("every edge is there, and no other", () => {
    let edges = 0;
    for (const entry of graph) {
      const needs = checkout.dependencies.get(entry.name);
      expect({ name: entry.name, ...needs }).toMatchObject({
        name: entry.name,
        build: distinct(entry.build),
        orderOnly: distinct(entry.order),
        run: distinct(entry.run),
        check: distinct(entry.check),
      });
      const { build = [], orderOnly = [], run = [] } = needs ?? {};
      edges += new Set([...build, ...orderOnly, ...run]).size;
    }
    expect(edges).toBe(5052);
  });

  test("the workspace has the same edges, and none leads in a circle", () => {
    const { recipes } = readCheckoutWorkspace(world, folder);
    const edges = new Map<string, string[]>();
    for (const [name, { depends }] of recipes) edges.set(name, [...depends.build, ...depends.run]);
    expect([...edges.values()].flat()).toHaveLength(5052);
    expect(findCycles(edges)).toEqual([]);
  });

  test("only checks lead in a circle, and only in the known one", () => {
    const edges = new Map<string, string[]>();
    for (const [name, { build, orderOnly, run, check }] of checkout.dependencies) {
      edges.set(name, [...build, ...orderOnly, ...run, ...check]);
    }
    const known = new Set([
      "sagemath_cddlib",
      "sagemath_latte_4ti2",
      "sagemath_gap",
      "sagemath_groups",
      "sagemath_polyhedra",
    ]);
    const cycles = findCycles(edges);
    expect(cycles).not.toEqual([]);
    expect(cycles.flat().filter((name) => !known.has(name))).toEqual([]);
  });
});

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)].toSorted();
}
