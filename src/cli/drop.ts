/** `tenon drop PACKAGE…` */
import { type Dropped, dropRecipes } from "../library/index.ts";
import { showNames } from "../core/index.ts";
import type { DropFlags } from "./commands/drop.ts";
import {
  type Context,
  guard,
  makeSink,
  printJson,
  printLines,
  printUnlessQuiet,
} from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { sessionOptions } from "./options.ts";

export default function runDrop(
  this: Context,
  flags: DropFlags,
  ...names: string[]
): Promise<void> {
  return guard(this, () => {
    const command = { activity: "tenon drop", emit: makeSink(this, { quiet: flags.quiet }) };
    const result = dropRecipes(this.world, { ...sessionOptions(this, flags, command), names });
    if (flags.json) printJson(this, result);
    else if (flags.dryRun) printLines(this, describeDropped(result));
    else printUnlessQuiet(this, flags, describeDropped(result));
    return exitCodes.done;
  });
}

export function describeDropped({ kind, dropped, needed, edited }: Dropped): string[] {
  const verb = kind === "planned" ? "would remove" : "removed";
  const show = (isNamed: boolean): string[] =>
    dropped.flatMap((each) => (each.named === isNamed ? [`${each.name} ${each.version}`] : []));
  const [named, others] = [show(true), show(false)];
  return [
    ...named.map((each) => `${verb} the recipe of ${each}`),
    ...(others.length === 0 ? [] : [`${verb} what nothing else needs: ${showNames(others)}`]),
    ...needed.map(
      ({ name, by }) =>
        `kept the recipe of ${name}: ${showNames(by)} ${by.length === 1 ? "needs" : "need"} it`,
    ),
    ...edited.map((file) => `kept ${file}: nothing needs it, but somebody has edited it`),
    ...(dropped.length === 0 ? [] : ["the next `tenon build` removes that from the prefix"]),
  ];
}
