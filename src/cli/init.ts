/** `tenon init [DIR]` */
import { typedWord } from "../core/index.ts";
import { initWorkspace } from "../library/index.ts";
import { showPath } from "../report/index.ts";
import type { InitFlags } from "./commands/init.ts";
import { type Context, guard, printJson, printUnlessQuiet } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { absolute } from "./options.ts";

export default function runInit(this: Context, flags: InitFlags, folder = "."): Promise<void> {
  return guard(this, () => {
    const from = absolute(this.currentDirectory, flags.directory ?? ".");
    const directory = absolute(from, folder);
    const made = initWorkspace(this.world, directory);
    const isHere = directory === this.currentDirectory;
    const place = isHere ? "" : ` -C ${typedWord(flags.directory ?? folder)}`;
    const paths = made.map((path) => showPath(`${directory}/${path}`, this.currentDirectory));
    const next = made.includes("packages/hello.toml")
      ? `next: tenon build${place}, then tenon run${place} hello`
      : `next: tenon build${place}`;
    if (flags.json) printJson(this, { kind: "workspace", directory, made });
    else printUnlessQuiet(this, flags, [...paths.map((path) => `made ${path}`), next]);
    return exitCodes.done;
  });
}
