/** Installs what the project needs and bundles it; does nothing that is done already. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`tenon needs Node.js 20.19 or newer; this is ${process.versions.node}`);
}
if (process.platform !== "linux") fail("tenon runs on Linux");

const isInstalled =
  existsSync("node_modules/.package-lock.json") &&
  modified("node_modules/.package-lock.json") >= modified("package-lock.json");
if (!isInstalled)
  run("npm", ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"]);

const isBundled =
  existsSync("dist/tenon.js") &&
  modified("dist/tenon.js") > Math.max(newest("src"), modified("scripts/bundle.js"));
if (!isBundled) run(process.execPath, ["scripts/bundle.js"]);

function run(program, args) {
  const { status, error } = spawnSync(program, args, { stdio: "inherit" });
  if (error) fail(`${program} could not be started: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}

function modified(file) {
  return statSync(file).mtimeMs;
}

function newest(folder) {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  return Math.max(...files.map((entry) => modified(`${entry.parentPath}/${entry.name}`)));
}

function fail(reason) {
  process.stderr.write(`${reason}\n`);
  process.exit(1);
}
