/** Processes that end in time, and with this one. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { createInterface } from "node:readline";

/**
 * @typedef {object} Options
 * @property {number} [timeoutMs]
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {boolean} [hold] it waits for `release()`
 *
 * @typedef {{ stdout: string, stderr: string, late: boolean, code: number | null, signal: string | null }} Ended
 */

/**
 * A process that ends in time: it leads a group of its own, and after `timeoutMs` that group (the
 * halves of a pipe, what strace follows) is killed by its id.
 *
 * @param {string[]} command
 * @param {Options} [options]
 */
export function start(command, { timeoutMs = 60_000, cwd, env, hold = false } = {}) {
  const waiting = ["sh", "-c", 'read -r _; exec "$@" </dev/null', "sh"];
  const [file, ...args] = hold ? [...waiting, ...command] : command;
  /** @type {import("node:child_process").StdioOptions} */
  const stdio = [hold ? "pipe" : "ignore", "pipe", "pipe"];
  const child = spawn(file, args, { cwd, env, stdio, detached: true });
  const said = { stdout: "", stderr: "" };
  child.stdout?.setEncoding("utf8").on("data", (text) => (said.stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text) => (said.stderr += text));
  let late = false;
  const kill = () => killGroup(child.pid);
  const timer = setTimeout(() => {
    late = true;
    kill();
  }, timeoutMs);
  /** @type {Promise<Ended>} */
  const ended = new Promise((resolve) => {
    const end = (result) => {
      clearTimeout(timer);
      running.delete(child.pid);
      resolve({ ...said, late, ...result });
    };
    child.once("error", (error) => end({ code: 127, signal: null, stderr: error.message }));
    child.once("close", (code, signal) => end({ code, signal }));
  });
  if (child.pid !== undefined) running.add(child.pid);
  return { pid: child.pid, ended, kill, release: () => child.stdin?.end() };
}

/** A process that lives as long as this one: it is told lines, and answers by lines. */
export function converse(command, { timeoutMs = 150_000 } = {}) {
  const [file, ...args] = command;
  const child = spawn(file, args, { stdio: ["pipe", "pipe", "inherit"], detached: true });
  running.add(child.pid);
  child.once("exit", () => running.delete(child.pid));
  child.stdin.on("error", () => {}); // whoever waits for the answer is told that it has ended
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    say: (line) => child.stdin.write(`${line}\n`),
    async hear() {
      const timer = setTimeout(() => killGroup(child.pid), timeoutMs);
      const { value, done } = await lines.next();
      clearTimeout(timer);
      if (done) throw new Error(`${command.join(" ")} ended, or gave no answer in time`);
      return value;
    },
  };
}

export function run(/** @type {string[]} */ command, /** @type {Options} */ options = {}) {
  return start(command, options).ended;
}

export async function must(/** @type {string[]} */ command, /** @type {Options} */ options = {}) {
  const ended = await run(command, options);
  if (ended.code === 0) return ended;
  throw new Error(`${command.join(" ")}: ${howItEnded(ended)}\n${ended.stderr}${ended.stdout}`);
}

export function howItEnded(/** @type {Ended} */ { code, signal, late }) {
  if (late) return "did not end in time";
  return signal === null ? `exit ${code}` : `killed by ${signal}`;
}

const running = new Set();

function killGroup(pid) {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // it has ended meanwhile
  }
}

/** A temporary folder, gone with this process, however that ends; so are its processes. */
export function temporaryFolder(name) {
  const folder = mkdtempSync(`${tmpdir()}/tenon-${name}-`);
  process.once("exit", () => {
    for (const pid of running) killGroup(pid);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(130));
  return folder;
}
