/** The Python packages of a prefix, used where they lie: imported, started and checked by pip, with the opened files watched. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { fileURLToPath } from "node:url";
import { howItEnded, run } from "./processes.js";
import { readCalls } from "./relocation-uses.js";

const program = fileURLToPath(new URL("sdists-use.py", import.meta.url));

/**
 * @typedef {object} Used
 * @property {number} modules
 * @property {number} distributions
 * @property {Record<string, { status: number | null, said: string[] }>} started
 * @property {string} pip what `pip check` says
 * @property {number} opened files
 * @property {string[]} faults
 *
 * @typedef {object} How
 * @property {string[]} others prefixes that nothing may look at
 * @property {(command: string[]) => string[]} within the same command, as somebody else and somewhere else
 * @property {number} timeoutMs
 */

/**
 * @param {string} prefix
 * @param {How} how
 * @returns {Promise<Used>}
 */
export async function usePython(prefix, { others, within, timeoutMs }) {
  const work = fs.mkdtempSync("/tmp/tenon-use-");
  fs.chmodSync(work, 0o777);
  const log = `${work}.trace`;
  const python = [`${prefix}/bin/python`, "-I", "-B"];
  const env = { PATH: "/usr/bin:/bin", HOME: work, LC_ALL: "C.UTF-8" };
  const watched = ["strace", "-f", "-qq", "-s", "4096", "-e", "trace=%file", "-o", log];
  const how = { env, cwd: "/", timeoutMs };
  try {
    const text = fs.readFileSync(program, "utf8");
    const command = within([...python, "-c", text, prefix, "--start"]);
    const used = await run([...watched, ...command], how);
    const { opened, wrong } = readCalls(log, others);
    const pip = await run(within([...python, pipProgram(), "check"]), how);
    const said = `${pip.stdout}${pip.stderr}`.trim();
    const faults = wrong.slice(0, 10).map((line) => `looked at: ${line}`);
    if (pip.code !== 0) faults.push(`pip check: ${howItEnded(pip)}: ${said}`);
    if (used.code !== 0) faults.push(`${howItEnded(used)}: ${used.stderr.slice(-2000)}`);
    const { failed = [], ...rest } =
      used.code === 0 ? JSON.parse(used.stdout.trim().split("\n").at(-1) ?? "") : {};
    faults.push(...failed.map((line) => `not imported: ${line}`));
    return { modules: 0, distributions: 0, started: {}, ...rest, pip: said, opened, faults };
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
    fs.rmSync(log, { force: true });
  }
}

/** As `pip --python` runs itself with another Python. */
export function pipProgram() {
  const where = "import pip; print(pip.__path__[0])";
  const { stdout } = spawnSync("/usr/bin/python3", ["-c", where], { encoding: "utf8" });
  return `${stdout.trim()}/__pip-runner__.py`;
}

/** What starts otherwise than at the first prefix. */
export function startedOtherwise(first, used) {
  return Object.entries(first)
    .filter(([name, { status }]) => used[name]?.status !== status)
    .map(([name, { status }]) => {
      const { status: now, said } = used[name] ?? { status: "absent", said: [] };
      return `${name} --help: ${now}, not ${status}: ${said.join("")}`;
    });
}
