/** What the proofs share: processes bounded in time, trees as maps, plain tables. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync } from "node:fs";
import { readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** Another bundle of the same sources can be tried with TENON_PROGRAM. */
const program =
  process.env.TENON_PROGRAM ?? fileURLToPath(new URL("../dist/tenon.js", import.meta.url));

/** The same bundle as a library. */
export const library = `${path.dirname(program)}/library.js`;

/** The command line that runs tenon, without a shell between. */
export function tenon(...args) {
  return [process.execPath, program, ...args];
}

export function requireTenon() {
  if (existsSync(program)) return;
  process.stderr.write(`${program} is missing: run \`node scripts/setup.js\` first\n`);
  process.exit(4);
}

/**
 * A process that ends in time: it leads a group of its own, and after `timeoutMs` that group (the
 * halves of a pipe, what strace follows) is killed by its id. `hold` waits for `release()`.
 */
export function start(command, { timeoutMs = 60_000, cwd, env, hold = false } = {}) {
  const waiting = ["sh", "-c", 'read -r _; exec "$@" </dev/null', "sh"];
  const [file, ...args] = hold ? [...waiting, ...command] : command;
  const stdio = [hold ? "pipe" : "ignore", "pipe", "pipe"];
  const child = spawn(file, args, { cwd, env, stdio, detached: true });
  const said = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => (said.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (said.stderr += text));
  let late = false;
  const kill = () => killGroup(child.pid);
  const timer = setTimeout(() => {
    late = true;
    kill();
  }, timeoutMs);
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

export const run = (command, options) => start(command, options).ended;

export async function must(command, options) {
  const ended = await run(command, options);
  if (ended.code === 0) return ended;
  throw new Error(`${command.join(" ")}: ${howItEnded(ended)}\n${ended.stderr}${ended.stdout}`);
}

export function howItEnded({ code, signal, late }) {
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

export function writeFiles(root, files) {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(`${root}/${name}`), { recursive: true });
    const mode = name.startsWith("bin/") ? 0o755 : 0o644;
    writeFileSync(`${root}/${name}`, content, { mode });
  }
}

/** Path → kind, permissions and content. `skip` says which paths are left out, with all below. */
export function readTree(root, skip = () => false, at = "", tree = new Map()) {
  if (at === "" && !existsSync(root)) return tree;
  for (const name of readdirSync(`${root}/${at}`).sort()) {
    const place = at === "" ? name : `${at}/${name}`;
    if (skip(place)) continue;
    const stat = lstatSync(`${root}/${place}`);
    tree.set(place, describe(`${root}/${place}`, stat));
    if (stat.isDirectory()) readTree(root, skip, place, tree);
  }
  return tree;
}

function describe(file, stat) {
  const mode = (stat.mode & 0o7777).toString(8);
  if (stat.isDirectory()) return `directory ${mode}`;
  if (stat.isSymbolicLink()) return `link to ${readlinkSync(file)}`;
  const digest = createHash("sha256").update(readFileSync(file)).digest("hex").slice(0, 16);
  return `file ${mode} ${digest}`;
}

/** Lines that say where two trees differ. */
export function differences(expected, found) {
  const lines = [];
  for (const [place, what] of expected) {
    if (!found.has(place)) lines.push(`- ${place}: missing`);
    else if (found.get(place) !== what) lines.push(`! ${place}: ${found.get(place)}, not ${what}`);
  }
  for (const place of found.keys()) if (!expected.has(place)) lines.push(`+ ${place}`);
  return lines;
}

/** Numbers between 0 and 1, the same for the same seed. */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
}

export function printTable(head, rows) {
  const lines = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const padded = (text, column) =>
    column === 0 ? text.padEnd(widths[column]) : text.padStart(widths[column]);
  for (const line of lines) process.stdout.write(`${line.map(padded).join("  ")}\n`);
}
