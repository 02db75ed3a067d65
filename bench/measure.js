/** What the benchmarks share: running a command once, with what tenon itself used of it; figures. */
import { existsSync, readFileSync } from "node:fs";
import { must } from "../proof/processes.js";
import { tenon } from "../proof/program.js";

/** Loaded by Node before the program, and asked at its end: what its children use does not count. */
const atExit = `
import { writeFileSync } from "node:fs";
process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  const maxRssBytes = process.resourceUsage().maxRSS * 1024;
  writeFileSync(process.env.TENON_BENCH_USAGE, JSON.stringify({ cpuMs: (user + system) / 1000, maxRssBytes }));
});`;

/** Like `tenon`, for `measure`. */
export function watchedTenon(...args) {
  const [node, ...program] = tenon(...args);
  return [node, "--import", `data:text/javascript,${encodeURIComponent(atExit)}`, ...program];
}

/**
 * `usageFile` is for a watched tenon.
 *
 * @param {string[]} command
 * @param {import("../proof/processes.js").Options & { usageFile?: string }} [options]
 */
export async function measure(command, { usageFile, timeoutMs = 1_800_000, env, cwd } = {}) {
  const startedMs = performance.now();
  const ended = await must(command, {
    timeoutMs,
    cwd,
    env: { ...process.env, ...env, TENON_BENCH_USAGE: usageFile ?? "/dev/null" },
  });
  const wallMs = performance.now() - startedMs;
  const usage =
    usageFile !== undefined && existsSync(usageFile)
      ? JSON.parse(readFileSync(usageFile, "utf8"))
      : {};
  return { wallMs, stdout: ended.stdout, stderr: ended.stderr, ...usage };
}

export function wholeNumber(name, text) {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  process.stderr.write(`--${name} must be a whole number above 0, not ${text}\n`);
  process.exit(2);
}

export function median(numbers) {
  const sorted = [...numbers].sort((one, other) => one - other);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
