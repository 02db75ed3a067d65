/**
 * `npm run check`: format, lint, types, floors, tidy, unit tests. Under a minute; run before each commit.
 * As many steps run beside each other as there are processors; the first that fails ends the others.
 */
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";

/** What begins first takes longest. @type {[name: string, program: string, args: string[]][]} */
const allSteps = [
  ["unit tests", "vitest", ["run", "--project", "unit"]],
  ["types", "tsc", typesOf("tsconfig.json")],
  ["floors", process.execPath, ["scripts/floors.js"]],
  ["types of the scripts", "tsc", typesOf("scripts/tsconfig.json")],
  ["types of the page", "tsc", typesOf("src/page/tsconfig.json")],
  ["tidy", process.execPath, ["scripts/tidy.js"]],
  ["documents", process.execPath, ["scripts/check-documents.js"]],
  ["lint", "oxlint", ["--deny-warnings", "src", "test", "scripts", "proof", "bench"]],
  ["format", "oxfmt", ["--check", "src", "test", "scripts", "proof", "bench"]],
];
const steps = allSteps.filter(
  ([name]) => name !== "unit tests" || !process.argv.includes("--without-tests"),
);
const env = { ...process.env, PATH: `${process.cwd()}/node_modules/.bin:${process.env.PATH}` };

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();
await Promise.all(Array.from({ length: availableParallelism() }, runSteps));

/** What has not changed since the last time is not looked at again. */
function typesOf(/** @type {string} */ project) {
  const known = `node_modules/.cache/tenon/${project.replaceAll("/", "-")}.tsbuildinfo`;
  return ["--noEmit", "-p", project, "--incremental", "--tsBuildInfoFile", known];
}

async function runSteps() {
  for (let step = steps.shift(); step !== undefined; step = steps.shift()) await run(step);
}

async function run(/** @type {(typeof steps)[number]} */ [name, program, args]) {
  const startedMs = Date.now();
  const { code, output } = await outcomeOf(program, args);
  if (process.exitCode) return; // another one has failed, and ended this one
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
  if (code === 0) {
    const summary = ["floors", "tidy", "documents"].includes(name) ? `: ${output.trim()}` : "";
    process.stdout.write(`${name}: ok (${seconds} s)${summary}\n`);
    return;
  }
  process.stdout.write(`${output}\n${name}: failed (${seconds} s)\n`);
  process.exitCode = 1;
  steps.length = 0;
  for (const child of running) child.kill();
}

/** @returns {Promise<{ code: number | null, output: string }>} */
function outcomeOf(/** @type {string} */ program, /** @type {string[]} */ args) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    running.add(child);
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => (output += text));
    const end = (/** @type {number | null} */ code) => {
      running.delete(child);
      resolve({ code, output });
    };
    child.on("error", (error) => {
      output += error.message;
      end(null);
    });
    child.on("close", end);
  });
}
