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
  const act: Parameters<typeof runTransplant>[2]["act"] = (prefix, options) =>
    movePrefix(prefix, { ...options, force: flags.force });
  return runTransplant(this, flags, { activity: "tenon move", from, to, act });
}
