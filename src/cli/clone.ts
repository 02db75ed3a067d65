/** `tenon clone PREFIX NEW` */
import { clonePrefix } from "../library/index.ts";
import type { Context } from "./context.ts";
import type { MovingFlags } from "./flags.ts";
import { runTransplant } from "./transplant.ts";

export default function runClone(
  this: Context,
  flags: MovingFlags,
  from: string,
  to: string,
): Promise<void> {
  return runTransplant(this, flags, {
    activity: "tenon clone",
    from,
    to,
    act: (prefix, options) => clonePrefix(prefix, { ...options, force: flags.force }),
  });
}
