/** Bundles the program and the library into dist/: one file each, and parts that load when needed. */
import { chmodSync, readFileSync, rmSync } from "node:fs";
import { build } from "esbuild";

const { version, dependencies } = JSON.parse(readFileSync("package.json", "utf8"));

/** Native, or loaded only where a person waits anyway (a download, a mistake in a recipe). */
const external = ["koffi", "undici", "toml-eslint-parser"];
for (const name of external) {
  if (dependencies[name] === undefined) throw new Error(`${name} is no dependency`);
}

rmSync("dist", { recursive: true, force: true });
await build({
  entryPoints: { tenon: "src/cli/main.ts", library: "src/engine/index.ts" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  external,
  define: { TENON_VERSION: JSON.stringify(version) },
  banner: { js: "#!/usr/bin/env node" },
  chunkNames: "parts/[name]-[hash]",
  loader: { ".py": "text" },
  legalComments: "none",
  logLevel: "warning",
});
chmodSync("dist/tenon.js", 0o755);
