/** What the results of builds depend on of the machine on which they run. */
import type { MachineFacts } from "../plan/index.ts";
import { buildFolder, type Isolation } from "../view/index.ts";
import type { World } from "../world/index.ts";
import type { PythonFacts } from "./python/facts.ts";

/** The first line that `cc --version` prints; undefined without a compiler. */
export async function readCompiler(
  world: World,
  path: readonly string[],
): Promise<string | undefined> {
  const { outcome, stdout } = await world.processes.capture({
    program: "/usr/bin/env",
    args: ["cc", "--version"],
    environment: { PATH: path.join(":"), LANG: "C" },
  });
  return outcome.kind === "exited" && outcome.code === 0 ? stdout.split("\n")[0] : undefined;
}

export function machineFactsOf(
  { machine }: World,
  {
    compiler,
    python,
    isolation,
  }: {
    readonly compiler: string | undefined;
    readonly python: PythonFacts | undefined;
    readonly isolation: Isolation;
  },
): MachineFacts {
  return {
    architecture: machine.architecture,
    compiler,
    python: python === undefined ? undefined : `${python.version} at ${python.executable}`,
    isolated: isolation.kind === "view",
    ...(isolation.kind === "view" && isolation.root ? { buildFolder } : {}),
  };
}
