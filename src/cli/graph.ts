/** `tenon graph [PACKAGE…]` */
import { readGraph } from "../library/index.ts";
import { renderDot, renderGraph } from "../report/index.ts";
import type { GraphFlags } from "./commands/graph.ts";
import { type Context, guard, makeSink, printJson, printLines } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { sessionOptions } from "./options.ts";

export default function runGraph(
  this: Context,
  flags: GraphFlags,
  ...packages: string[]
): Promise<void> {
  return guard(this, () => {
    const command = { activity: "tenon graph", emit: makeSink(this, {}) };
    const nodes = readGraph(this.world, { ...sessionOptions(this, flags, command), packages });
    if (flags.json) printJson(this, toJson(nodes));
    else printLines(this, flags.dot ? renderDot(nodes) : renderGraph(nodes));
    return exitCodes.done;
  });
}

function toJson(nodes: ReturnType<typeof readGraph>): object {
  const edges = nodes.flatMap(({ name, build, run }) => [
    ...run.map((need) => ({ from: name, to: need, kind: "run" })),
    ...build.map((need) => ({ from: name, to: need, kind: "build" })),
  ]);
  const packages = nodes.map(({ name, version, system, facts }) => ({
    name,
    version,
    system,
    ...facts,
  }));
  // Apart from the edges, for these alone may lead in a circle: a check comes after its build.
  const checks = nodes.flatMap(({ name, check = [] }) =>
    check.map((need) => ({ from: name, to: need, kind: "check" })),
  );
  return { packages, edges, ...(checks.length === 0 ? {} : { checks }) };
}
