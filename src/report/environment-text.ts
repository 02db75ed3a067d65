/** The environment of a prefix as commands for a shell. */
import { quoteForFish, quoteForShell } from "../core/index.ts";
import type { RunEnvironment, VariableSetting } from "../library/index.ts";

/** Shells of the Bourne family (sh, dash, bash, zsh, ksh), and fish. */
type EnvironmentShell = "sh" | "fish";

/** One command a line. Given twice, they change nothing the second time. */
export function renderEnvironment(
  { settings }: Pick<RunEnvironment, "settings">,
  shell: EnvironmentShell,
): string[] {
  return settings.map(shell === "sh" ? forSh : forFish);
}

function forSh(setting: VariableSetting): string {
  const { variable } = setting;
  if (setting.kind === "unset") return `unset ${variable}`;
  const value = quoteForShell(setting.value);
  if (setting.kind === "set") return `export ${variable}=${value}`;
  const { whenUnset } = setting;
  const rest =
    whenUnset === undefined
      ? `"\${${variable}:+:$${variable}}"`
      : `":\${${variable}:-${whenUnset}}"`;
  return `case "\${${variable}-}:" in ${value}:*) ;; *) export ${variable}=${value}${rest} ;; esac`;
}

/** In fish a variable whose name ends with PATH is a list; other lists with colons are text to it. */
function forFish(setting: VariableSetting): string {
  const { variable } = setting;
  if (setting.kind === "unset") return `set -e ${variable}`;
  const value = quoteForFish(setting.value);
  if (setting.kind === "set") return `set -gx ${variable} ${value}`;
  const { whenUnset } = setting;
  const joined = `(string join : -- $${variable})`;
  const whole = `(string join : -- ${value} $${variable})`;
  const first = `set -gx ${variable} ${value}${whenUnset === undefined ? "" : quoteForFish(`:${whenUnset}`)}`;
  return `if test -z "$${variable}"; ${first}; else if not string match -q -- ${value}':*' ${joined}:; set -gx ${variable} ${whole}; end`;
}
