/**
 * The manual, made of what the program says of itself: `writeManPages` for the bundle; started as a program, this
 * writes docs/reference/commands.md, which a test compares.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

/**
 * @returns {Promise<{
 *   describeAll(): unknown,
 *   renderManPages(groups: unknown, version: string): Map<string, string>,
 *   renderReference(groups: unknown): string,
 *   environment: readonly [names: string, text: string][],
 *   exitStatus: readonly [code: string, text: string][],
 * }>}
 */
export async function loadManual() {
  const { outputFiles } = await build({
    entryPoints: ["src/cli/manual.ts"],
    write: false,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    external: ["koffi", "undici", "toml-eslint-parser"],
    loader: { ".py": "text" },
    logLevel: "warning",
  });
  const [{ text } = { text: "" }] = outputFiles;
  return import(`data:text/javascript;base64,${Buffer.from(text).toString("base64")}`);
}

/** One page a command, into `folder`. */
export async function writeManPages(/** @type {string} */ folder) {
  const { version } = JSON.parse(readFileSync("package.json", "utf8"));
  const { describeAll, renderManPages } = await loadManual();
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of renderManPages(describeAll(), version))
    writeFileSync(`${folder}/${name}`, text);
}

if (process.argv[1]?.endsWith("manual.js")) {
  const { describeAll, renderReference } = await loadManual();
  writeFileSync("docs/reference/commands.md", renderReference(describeAll()));
}
