/** `tenon move PREFIX NEW` */
import { movePrefix } from "../library/index.ts";
import type { Context } from "./context.ts";
import type { MovingFlags } from "./flags.ts";
import { runTransplant } from "./transplant.ts";

export default function runMove(
  this: Context,
  flags: MovingFlags,
  from: string,
  to: string,
): Promise<void> {
  return runTransplant(this, flags, {
    activity: "tenon move",
    from,
    to,
    act: (prefix, options) => movePrefix(prefix, { ...options, force: flags.force }),
  });
}
