/** `npm run check`: format, lint, types, floors, unit tests. Under a minute; run before each commit. */
import { spawnSync } from "node:child_process";

const steps = [
  ["format", "oxfmt", ["--check", "src", "test", "scripts", "proof", "bench"]],
  ["lint", "oxlint", ["--deny-warnings", "src", "test"]],
  ["types", "tsc", ["--noEmit"]],
  ["types of the page", "tsc", ["-p", "src/page"]],
  ["floors", process.execPath, ["scripts/floors.js"]],
  ["documents", process.execPath, ["scripts/check-documents.js"]],
  ["unit tests", "vitest", ["run", "--project", "unit"]],
].filter(([name]) => name !== "unit tests" || !process.argv.includes("--without-tests"));

for (const [name, program, args] of steps) {
  const startedMs = Date.now();
  const path = `${process.cwd()}/node_modules/.bin:${process.env.PATH}`;
  const { status, stdout, stderr } = spawnSync(program, args, {
    env: { ...process.env, PATH: path },
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
  if (status !== 0) {
    process.stdout.write(`${stdout}${stderr}\n${name}: failed (${seconds} s)\n`);
    process.exit(1);
  }
  const summary = name === "floors" ? `: ${stdout.trim()}` : "";
  process.stdout.write(`${name}: ok (${seconds} s)${summary}\n`);
}
