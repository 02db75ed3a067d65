/** `tenon list` */
import { type InstalledPackage, listPackages, lookAtPrefix } from "../library/index.ts";
import { renderPackages, renderPinned } from "../report/index.ts";
import { type Context, guard, makeSink, printJson, printTable } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import type { ListFlags } from "./commands/list.ts";
import { sessionOptions } from "./options.ts";

export default function runList(this: Context, flags: ListFlags): Promise<void> {
  return guard(this, async () => {
    const command = { activity: "tenon list", emit: makeSink(this, {}) };
    const layout = await lookAtPrefix(this.world, sessionOptions(this, flags, command));
    const packages = listPackages(this.world, layout);
    const isShown = ({ pins = [] }: InstalledPackage): boolean => !flags.pinned || pins.length > 0;
    if (flags.json) for (const each of packages.filter(isShown)) printJson(this, each);
    else printTable(this, flags.pinned ? renderPinned(packages) : renderPackages(packages));
    return exitCodes.done;
  });
}
