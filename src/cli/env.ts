/** `tenon env`: for `eval "$(tenon env)"`. */
import { applySettings, type RunEnvironment } from "../library/index.ts";
import { renderEnvironment } from "../report/index.ts";
import type { EnvFlags } from "./commands/env.ts";
import { type Context, guard, printJson, printLines } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { openRunEnvironment } from "./run.ts";

export default function runEnv(this: Context, flags: EnvFlags): Promise<void> {
  return guard(this, async () => {
    const found = await openRunEnvironment(this, flags, "tenon env");
    if (flags.json) printJson(this, toJson(found, this.environment));
    else {
      const lines = renderEnvironment(found, flags.shell);
      // A shell is to read it as it is, whatever a folder is called.
      if (this.output.isTTY) printLines(this, lines);
      else this.output.writeRaw(lines.map((line) => `${line}\n`).join(""));
    }
    return exitCodes.done;
  });
}

/** What each variable comes to be in the caller's environment; `null` is one that is not to be set. */
function toJson(
  { prefix, settings }: RunEnvironment,
  environment: Readonly<Record<string, string>>,
): object {
  const after = applySettings(settings, environment);
  const names = [...new Set(settings.map(({ variable }) => variable))];
  const variables = Object.fromEntries(names.map((name) => [name, after[name] ?? null]));
  return { prefix, variables };
}
