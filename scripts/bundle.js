/** Bundles the program and the library into dist/: one file each, and parts that load when needed. */
import { chmodSync, readFileSync, rmSync } from "node:fs";
import { build } from "esbuild";

const { version, dependencies } = JSON.parse(readFileSync("package.json", "utf8"));

/** Native, or loaded only where a person waits anyway (a download, a mistake in a recipe). */
const external = ["koffi", "undici", "toml-eslint-parser"];
for (const name of external) {
  if (dependencies[name] === undefined) throw new Error(`${name} is no dependency`);
}

/** The report's page: a script and a style that the program puts into one file. */
const page = await build({
  entryPoints: { script: "src/report/page/main.ts", style: "src/report/page/style.css" },
  outdir: "dist/page",
  write: false,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome125", "firefox125", "safari17.5"],
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
});
const [script, style] = page.outputFiles.map(({ text }) => text.trim());

rmSync("dist", { recursive: true, force: true });
const { metafile } = await build({
  metafile: true,
  entryPoints: { tenon: "src/cli/start.ts", library: "src/engine/index.ts" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  external,
  define: {
    TENON_VERSION: JSON.stringify(version),
    TENON_PAGE: JSON.stringify({ script, style }),
  },
  banner: { js: "#!/usr/bin/env node" },
  chunkNames: "parts/[name]-[hash]",
  loader: { ".py": "text" },
  legalComments: "none",
  logLevel: "warning",
});
chmodSync("dist/tenon.js", 0o755);

/** A command that only asks a question starts fast: it must not load what builds and fetches. */
const slowRooms = /^src\/(build|source|stage|archive)\//;
/** What all commands load does nothing yet, `--version` and `--help` included. */
const workingRooms =
  /^src\/(engine|build|install|failure|plan|sage|source|stage|recipe|archive|store|prefix)\//;
const builders = ["add", "build", "fetch", "import", "lock", "why"].map(
  (name) => `src/cli/${name}.ts`,
);
for (const [file, { entryPoint }] of Object.entries(metafile.outputs)) {
  if (!entryPoint?.startsWith("src/cli/") || builders.includes(entryPoint)) continue;
  const isForAll = entryPoint === "src/cli/main.ts";
  const slow = inputsLoadedBy(file).filter((input) =>
    (isForAll ? workingRooms : slowRooms).test(input),
  );
  if (slow.length > 0) throw new Error(`${entryPoint} loads ${slow.slice(0, 5).join(", ")}`);
}

function inputsLoadedBy(start) {
  const loaded = new Set([start]);
  for (const file of loaded) {
    for (const { path, kind } of metafile.outputs[file].imports) {
      if (kind === "import-statement" && metafile.outputs[path] !== undefined) loaded.add(path);
    }
  }
  return [...loaded].flatMap((file) => Object.keys(metafile.outputs[file].inputs));
}
