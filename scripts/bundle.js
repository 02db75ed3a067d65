/** Bundles the program and the library into dist/: one file each, and parts that load when needed. */
import { chmodSync, readFileSync, rmSync } from "node:fs";
import { build } from "esbuild";
import { external } from "./external.js";
import { lazyBuiltins } from "./lazy-builtins.js";
import { writeManPages } from "./manual.js";
import { withoutIndexes } from "./without-indexes.js";

const { version, dependencies } = JSON.parse(readFileSync("package.json", "utf8"));

for (const name of external) {
  if (dependencies[name] === undefined) throw new Error(`${name} is not a dependency`);
}

/** The report's page: a script and a style that the program puts into one file. */
const page = await build({
  entryPoints: { script: "src/page/main.ts", style: "src/page/style.css" },
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
  plugins: [withoutIndexes, lazyBuiltins],
  entryPoints: { tenon: "src/cli/start.ts", library: "src/library/index.ts" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  minifyWhitespace: true,
  minifySyntax: true,
  external,
  define: {
    TENON_VERSION: JSON.stringify(version),
    // As one text: an object would be in a part that all commands load.
    TENON_PAGE: JSON.stringify(JSON.stringify({ script, style })),
  },
  banner: { js: "#!/usr/bin/env node" },
  chunkNames: "parts/[name]-[hash]",
  loader: { ".py": "text" },
  legalComments: "none",
  logLevel: "warning",
});
chmodSync("dist/tenon.js", 0o755);
await writeManPages("dist/man/man1");

/** A command that only asks a question starts fast: it must not load what builds and fetches. */
const slowRooms = /^src\/(builder|run|source|stage|wheel|archive)\//;
/** Where the prefix is named, these commands read no workspace. */
const idleRooms = /^src\/(report\/page|run|sage|source)|^src\/recipe\/read-(recipe|workspace)/;
/** What all commands load does nothing yet, `--version` and `--help` included. */
const workingRooms = /^src\/(?!cli|core|events|report|library|world)/;
/** The protocol of servers is loaded by who speaks to one. */
const protocolParts = /^src\/reapi\/|^node_modules\/@(connectrpc|bufbuild)\//;
const entries = (...names) => new Set(names.map((name) => `src/cli/${name}.ts`));
const questions = entries(
  "completion",
  "env",
  "files",
  "graph",
  "history",
  "list",
  "log",
  "owner",
  "report",
  "run",
  "tree",
);
const ofPrefix = entries("files", "history", "install", "install-wheels", "list", "owner", "run");
for (const [file, { entryPoint }] of Object.entries(metafile.outputs)) {
  if (!/^src\/(cli|library)\//.test(entryPoint ?? "")) continue;
  const isForAll = entryPoint === "src/cli/main.ts";
  const unwanted = [
    protocolParts,
    ...(isForAll ? [workingRooms] : []),
    ...(questions.has(entryPoint ?? "") ? [slowRooms] : []),
    ...(ofPrefix.has(entryPoint ?? "") ? [idleRooms] : []),
  ];
  const slow = inputsLoadedBy(file).filter((input) => unwanted.some((rooms) => rooms.test(input)));
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
