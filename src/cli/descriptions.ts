/** All commands as they are described to people and to shells. */
import { commandGroups } from "./commands/all.ts";
import { type Description, describe } from "./describe.ts";

export interface Group {
  readonly title: string;
  readonly commands: readonly Description[];
}

export function describeAll(): Group[] {
  return Object.entries(commandGroups).map(([title, lines]) => ({
    title,
    commands: Object.entries(lines).map(([name, line]) => describe(name, line)),
  }));
}
