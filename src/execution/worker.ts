/** Whether this machine can do what an action wants of its worker. */
import { machineFactsOf, probePython, type PythonFacts, readCompiler } from "../builder/index.ts";
import { TenonError } from "../core/index.ts";
import type { MachineFacts } from "../plan/index.ts";
import { type Isolation, probeIsolation } from "../view/index.ts";
import type { World } from "../world/index.ts";
import type { Action } from "./action.ts";

export interface FitWorker {
  readonly isolation: Isolation;
  readonly python: PythonFacts | undefined;
}

/** Or the reasons why it is not fit, a sentence each. */
export async function lookAtWorker(
  world: World,
  { machine, path, python: program }: Action,
  scratch: string,
): Promise<FitWorker | readonly string[]> {
  const prefix = `${scratch}/no-prefix`;
  const isolation = await probeIsolation(world, { prefix, scratch, wanted: "auto" });
  if (isolation.kind === "none")
    return [`builds cannot have a view of their own there: ${isolation.reason}`];
  if (!isolation.root)
    return [`views cannot have a root of their own there: ${isolation.lacks ?? "it is refused"}`];
  const compiler = await readCompiler(world, path);
  const python = program === undefined ? undefined : await findPython(world, program);
  const here = machineFactsOf(world, { compiler, python, isolation });
  const reasons = differences(machine, here);
  return reasons.length > 0 ? reasons : { isolation, python };
}

async function findPython(world: World, program: string): Promise<PythonFacts | undefined> {
  try {
    return await probePython(world, program, []);
  } catch (error) {
    if (error instanceof TenonError) return undefined;
    throw error;
  }
}

const named = {
  architecture: "architecture",
  compiler: "compiler",
  python: "Python",
  isolated: "view",
  buildFolder: "build folder",
} as const satisfies Record<keyof MachineFacts, string>;

/** What another machine's result would have another key for. */
export function differences(wanted: MachineFacts, here: MachineFacts): string[] {
  return (Object.keys(named) as (keyof MachineFacts)[])
    .filter((fact) => wanted[fact] !== here[fact])
    .map((fact) => {
      const say = (value: string | boolean | undefined): string =>
        value === undefined ? "none" : String(value);
      return `its ${named[fact]} is ${say(here[fact])}, and here it is ${say(wanted[fact])}`;
    });
}
