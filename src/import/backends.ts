/** Virtual environments with build backends, for questions only: each set of requirements once. */
import { type CapturedOutcome, removeTree } from "../world/index.ts";
import { commandLimitMs, runUv, type UvContext } from "./uv.ts";

export interface Backends {
  /** An environment that has these requirements, installed from the index as wheels. */
  provide(requires: readonly string[]): Promise<Backend>;
}

type Backend =
  | { readonly kind: "ready"; readonly folder: string }
  | { readonly kind: "failed"; readonly reason: string };

export function createBackends(context: UvContext): Backends {
  const known = new Map<string, Promise<Backend>>();
  return {
    provide: (requires) => {
      const key = [...new Set(requires)].sort().join("\n");
      const backend =
        known.get(key) ?? make(context, `${context.scratch}/backend-${known.size}`, requires);
      known.set(key, backend);
      return backend;
    },
  };
}

async function make(
  context: UvContext,
  folder: string,
  requires: readonly string[],
): Promise<Backend> {
  removeTree(context.world.disk, folder);
  const made = await runPython(context, ["-I", "-m", "venv", "--without-pip", folder]);
  const installed =
    isDone(made) && requires.length > 0 ? await install(context, folder, requires) : made;
  if (isDone(installed)) return { kind: "ready", folder };
  return { kind: "failed", reason: lastWords(installed) };
}

async function install(
  context: UvContext,
  folder: string,
  requires: readonly string[],
): Promise<CapturedOutcome> {
  const python = `${folder}/bin/python`;
  const byUv = await runUv(context, ["pip", "install"], ["--python", python, ...requires]);
  if (byUv !== undefined) return byUv;
  const pip = ["-m", "pip", "--python", python, "install", "--quiet", "--no-input"];
  return runPython(context, [...pip, "--prefer-binary", ...requires]);
}

function runPython(
  { world, python, environment }: UvContext,
  args: readonly string[],
): Promise<CapturedOutcome> {
  return world.processes.capture({
    program: python,
    args,
    environment: { ...environment, PIP_DISABLE_PIP_VERSION_CHECK: "1" },
    timeoutMs: commandLimitMs,
  });
}

function isDone({ outcome }: CapturedOutcome): boolean {
  return outcome.kind === "exited" && outcome.code === 0;
}

function lastWords({ outcome, stderr }: CapturedOutcome): string {
  return stderr.trim().split("\n").at(-1) || outcome.kind;
}
