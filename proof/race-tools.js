/**
 * What installs in the race, each with processes of its own: tenon and its peers.
 *
 * A tool makes the prefix of a round (`open`). In each of its phases, which say what versions are
 * installed, it brings its processes to the line (`begin`), lets them go (`release`) and says for
 * each install why it failed, or nothing (`ended`).
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { optionsOn } from "./places.js";
import { filesOf } from "./race-content.js";
import { fileURLToPath } from "node:url";
import { howItEnded, must, run, start } from "./processes.js";
import { tenon } from "./program.js";
import { writeFiles } from "./trees.js";

const tarCopy = 'set -o pipefail; tar cf - -C "$1" . | tar xpf - -C "$2"';
/** How one process joins a stage. */
const stageCommands = {
  tenon: (stage, prefix, name, version, on) => {
    const about = ["--name", name, "--version", version, "--stage", stage, "--prefix", prefix];
    return tenon("install", ...about, ...optionsOn(on));
  },
  cp: (stage, prefix) => ["cp", "-Rp", `${stage}/.`, prefix],
  tar: (stage, prefix) => ["bash", "-c", tarCopy, "bash", stage, prefix],
  rsync: (stage, prefix) => ["rsync", "-a", `${stage}/`, `${prefix}/`],
};
const offline = ["--no-index", "--no-deps"];
/** How one process installs a wheel; the prefix is a virtual environment. */
const wheelCommands = {
  "tenon-wheel": (wheel, prefix) => tenon("install", wheel, "--prefix", prefix),
  pip: (wheel, prefix) => [`${prefix}/bin/python`, "-m", "pip", "install", "-q", ...offline, wheel],
  uv: (wheel, prefix, uv) => {
    const here = ["--python", `${prefix}/bin/python`];
    return [uv, "pip", "install", "-q", "--offline", "--no-config", ...here, ...offline, wheel];
  },
};

export const toolNames = [...Object.keys(stageCommands), ...Object.keys(wheelCommands)];

/** With `skipped`, which says why, where it cannot be had. */
export async function makeTool(name, options) {
  if (name in stageCommands) return stageTool(name, options);
  const uv = name === "uv" ? await findUv(options) : undefined;
  if (name === "uv" && uv === undefined) return skip(name, "neither on PATH nor to be had by pip");
  const why = await makeWheels(options);
  return why === undefined ? wheelTool(name, uv, options) : skip(name, why);
}

function skip(name, skipped) {
  return { name, skipped };
}

function stageTool(name, options) {
  if (name !== "tenon" && !isThere(name)) return skip(name, "it is not installed");
  return {
    name,
    open: (prefix) => void mkdirSync(prefix, { recursive: true }),
    phases: [[1], [2]],
    async begin([version], place) {
      await copyStages(options, version, place);
      const commands = Array.from({ length: options.installers }, (_, number) => {
        const stage = `${place}/stage${version}/${number}`;
        return stageCommands[name](
          stage,
          `${place}/prefix`,
          `pkg${number}`,
          String(version),
          options.on,
        );
      });
      return atTheLine(commands);
    },
    ...(name === "tenon" ? { verify } : {}),
  };
}

function wheelTool(name, uv, { folder, installers }) {
  const own = { TENON_STORE: `${folder}/store`, UV_CACHE_DIR: `${folder}/uv-cache` };
  const env = { ...process.env, ...own, PIP_DISABLE_PIP_VERSION_CHECK: "1" };
  return {
    name,
    open: (prefix) => must(["cp", "-a", `${folder}/venv`, prefix]),
    phases: [[1], [2]],
    begin([version], place) {
      const commands = Array.from({ length: installers }, (_, number) => {
        const wheel = `${folder}/wheels/pkg${number}-${version}-py3-none-any.whl`;
        return wheelCommands[name](wheel, `${place}/prefix`, uv);
      });
      return atTheLine(commands, env);
    },
    ...(name === "tenon-wheel" ? { verify } : {}),
  };
}

function atTheLine(commands, env = process.env) {
  const joining = commands.map((command) =>
    start(command, { hold: true, timeoutMs: 300_000, env }),
  );
  return {
    release() {
      for (const installer of joining) installer.release();
    },
    ended: Promise.all(joining.map(async ({ ended }) => whyFailed(await ended))),
  };
}

async function verify(prefix) {
  return whyFailed(await run(tenon("verify", "--prefix", prefix)));
}

function whyFailed(ended) {
  if (ended.code === 0) return undefined;
  return `${howItEnded(ended)}: ${ended.stdout.trim()} ${ended.stderr.trim()}`;
}

/** With `__pycache__`, as `pip install --target` leaves it: what cp and Python quarrel about. */
export async function makeStages({ folder, python, installers }) {
  for (const version of [1, 2]) {
    const root = `${folder}/stages/${version}`;
    for (let number = 0; number < installers; number += 1)
      writeFiles(`${root}/${number}`, filesOf(number, version));
    await must([python, "-m", "compileall", "-q", root]);
  }
}

export function copyStages({ folder }, version, place) {
  return must(["cp", "-a", `${folder}/stages/${version}`, `${place}/stage${version}`]);
}

/** Wheels of the stages, and the environment that each round has a copy of. Says why it cannot. */
async function makeWheels({ folder, python }) {
  if (existsSync(`${folder}/wheels`)) return undefined;
  const venv = `${folder}/venv`;
  const made = await run([python, "-m", "venv", venv]);
  if (made.code !== 0) return `${python} -m venv fails: ${made.stdout}${made.stderr}`.trim();
  const { stdout } = await must([`${venv}/bin/python`, "-c", "import pip; print(pip.__file__)"]);
  const [, own = ""] = /lib\/(python3\.\d+)/.exec(stdout) ?? [];
  symlinkSync(own, `${venv}/lib/python3`);
  mkdirSync(`${folder}/wheels`);
  const script = fileURLToPath(new URL("race-wheels.py", import.meta.url));
  for (const version of ["1", "2"])
    await must([python, script, `${folder}/stages/${version}`, version, `${folder}/wheels`]);
  return undefined;
}

async function findUv({ folder, python }) {
  if (isThere("uv")) return "uv";
  const target = `${folder}/uv`;
  const got = await run(
    [python, "-m", "pip", "install", "-q", "--no-deps", "--target", target, "uv"],
    { timeoutMs: 120_000 },
  );
  return got.code === 0 ? `${target}/bin/uv` : undefined;
}

function isThere(program) {
  return spawnSync(program, ["--version"]).status === 0;
}
