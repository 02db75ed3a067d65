/** Which libraries the loader will find, judged as it looks for them, on a simulated machine. */
import { expect, test } from "vitest";
import {
  makeManifest,
  type Entry,
  type Manifest,
  type StrayLibrary,
} from "../../src/core/index.ts";
import { findStrayLibraries } from "../../src/builder/stray-libraries.ts";
import { createSimulatedDisk } from "../../src/world/simulated/index.ts";
import { makeElf, type ElfParts } from "../relocation/elf-writer.ts";

interface Need extends Partial<ElfParts> {
  readonly path?: string;
  readonly mode?: number;
}

/** A package's only file, beside links and libraries that its dependencies and the machine have. */
function strays(
  need: Need,
  others: {
    readonly layer?: readonly string[];
    readonly links?: Readonly<Record<string, string>>;
    readonly machine?: readonly string[];
    readonly isWheel?: boolean;
  } = {},
): Pick<StrayLibrary, "library" | "where" | "folder">[] {
  const disk = createSimulatedDisk();
  const { path = "bin/program", mode = 0o755 } = need;
  const content = makeElf({ bits: 64, isLittleEndian: true, needed: [], ...need });
  disk.plant("/stage", { [path]: { content, mode } });
  disk.plant("/", Object.fromEntries((others.machine ?? []).map((file) => [file.slice(1), ""])));
  disk.plant("/etc", {
    "ld.so.conf": "include /etc/ld.so.conf.d/*.conf\n/opt/own # a comment\n",
    "ld.so.conf.d/a.conf": "# Multiarch\n/usr/lib/x86_64-linux-gnu\n",
  });
  const file = { type: "file", sizeBytes: 0, sha256: "" } as const;
  const links = Object.entries(others.links ?? {}).map(([at, target]): Entry => ({
    type: "link",
    path: at,
    target,
  }));
  const layer: Manifest = makeManifest([
    ...(others.layer ?? []).map((at): Entry => ({ ...file, path: at, mode: 0o644 })),
    ...links,
  ]);
  const found = findStrayLibraries({
    disk,
    architecture: "x64",
    prefix: "/home/u/pre fix",
    stage: "/stage",
    manifest: makeManifest([{ ...file, path, mode }]),
    layers: [{ manifest: layer }],
    isWheel: others.isWheel ?? false,
  });
  return found.map(({ path: from, ...rest }) => {
    expect(from).toBe(path);
    return rest;
  });
}

test("the C library and what compilers bring are the machine's by right", () => {
  const needed =
    "libc.so.6 libm.so.6 libdl.so.2 libpthread.so.0 ld-linux-x86-64.so.2 libgcc_s.so.1 libstdc++.so.6 libgomp.so.1 libc.musl-x86_64.so.1".split(
      " ",
    );
  expect(strays({ needed })).toEqual([]);
});

test.each([
  ["an absolute rpath", { rpath: "/home/u/pre fix/lib" }],
  ["one from its own folder", { rpath: "/nowhere:$ORIGIN/../lib" }],
  ["one in braces, with a folder too many", { rpath: "${ORIGIN}/./../bin/../lib/" }],
  ["the loader's word for the folder of libraries", { rpath: "$ORIGIN/../$LIB" }],
])("a dependency's library is found by %s", (_how, rpath) => {
  const layer = ["lib/libx.so.1"];
  expect(strays({ needed: ["libx.so.1"], ...rpath }, { layer })).toEqual([]);
});

test("it is found through folders that are links", () => {
  const rpath = "/home/u/pre fix/lib64/deep";
  const links = { lib64: "lib", "lib/deep": "../share/deep" };
  const layer = ["share/deep/libx.so.1"];
  expect(strays({ needed: ["libx.so.1"], rpath }, { layer, links })).toEqual([]);
  const circle = { lib64: "lib32", lib32: "lib64" };
  expect(strays({ needed: ["libx.so.1"], rpath }, { layer, links: circle })).toHaveLength(1);
});

test("without an rpath it is not found, and told where it is", () => {
  const layer = ["lib/deep/libx.so.1", "lib/libx.so.1"];
  expect(strays({ needed: ["libx.so.1"] }, { layer })).toEqual([
    { library: "libx.so.1", where: "prefix", folder: "lib" },
  ]);
});

test("the machine's is told, also where it comes before that of a dependency", () => {
  const machine = ["/usr/lib/x86_64-linux-gnu/libbz2.so.1.0", "/opt/own/liby.so", "/lib/libz.so.1"];
  const needed = ["libbz2.so.1.0", "liby.so", "libz.so.1", "libw.so.1"];
  expect(strays({ needed }, { machine, layer: ["lib/libz.so.1"] })).toEqual([
    { library: "libbz2.so.1.0", where: "machine" },
    { library: "liby.so", where: "machine" },
    { library: "libz.so.1", where: "machine", folder: "lib" },
    { library: "libw.so.1", where: "nowhere" },
  ]);
});

test("an rpath that leads out of the prefix is told with its folder", () => {
  const need = { needed: ["libq.so"], rpath: "/srv/q" };
  expect(strays(need, { machine: ["/srv/q/libq.so"] })).toEqual([
    { library: "libq.so", where: "machine", folder: "/srv/q" },
  ]);
});

test("what is no program and no library of this architecture is not looked at", () => {
  const needed = ["libx.so.1"];
  expect(strays({ needed, machine: 40 })).toEqual([]);
  expect(strays({ needed, path: "share/data", mode: 0o644 })).toEqual([]);
  expect(strays({ needed, path: "lib/m.abi3.so", mode: 0o644 })).toHaveLength(1);
  expect(strays({ needed, path: "lib/libm.so.2", mode: 0o644 })).toHaveLength(1);
});

test("a wheel may take what wheels may, and finds its own in its own ways", () => {
  const machine = ["/usr/lib/libX11.so.6", "/usr/lib/libbz2.so.1.0"];
  const needed = ["libX11.so.6", "libbz2.so.1.0", "libcudart.so.12", "libown.so"];
  const layer = ["lib/x.libs/libown.so"];
  expect(strays({ needed }, { machine, layer, isWheel: true })).toEqual([
    { library: "libbz2.so.1.0", where: "machine" },
  ]);
});
