/** A bill of materials with one package of each kind. */
import { digestOf } from "../../src/core/index.ts";
import type { Bill, BilledPackage } from "../../src/sbom/index.ts";

function billed(name: string, more: Partial<BilledPackage> = {}): BilledPackage {
  return { name, version: "1.0", artifact: digestOf(name), depends: [], isPython: false, ...more };
}

function fileOf(path: string, text: string) {
  return { path, sha256: digestOf(text), sha1: digestOf(text).slice(0, 40) };
}

export const packages: readonly BilledPackage[] = [
  billed("libgit", {
    source: { place: "git+https://host.test/libgit@abc", sha256: digestOf("git") },
    licence: { expression: "MIT OR Apache-2.0" },
    homepage: "https://host.test/libgit",
  }),
  billed("local"),
  billed("pyyaml", {
    depends: ["zlib+ng"],
    isPython: true,
    source: { place: "pkg:pypi/pyyaml@1.0", sha256: digestOf("sdist"), file: "pyyaml-1.0.tar.gz" },
    licence: { text: "Do what you like\n" },
    files: [fileOf("bin/shared", "both"), fileOf("lib/yaml.py", "import")],
  }),
  billed("zlib+ng", {
    source: { place: "https://host.test/zlib.tar.gz", sha256: digestOf("zlib") },
    licence: { expression: "Zlib" },
    files: [fileOf("bin/shared", "both")],
  }),
];

export const bill: Bill = {
  name: "stack",
  tool: "1.2.3",
  createdAtMs: Date.UTC(2026, 10, 30, 12),
  packages,
};
