/** `tenon relocate FROM TO` */
import { relocateTree } from "../library/index.ts";
import type { Context } from "./context.ts";
import type { TransplantFlags } from "./flags.ts";
import { runTransplant } from "./transplant.ts";

export default function runRelocate(
  this: Context,
  flags: TransplantFlags,
  from: string,
  to: string,
): Promise<void> {
  const act: Parameters<typeof runTransplant>[2]["act"] = relocateTree;
  return runTransplant(this, flags, { activity: "tenon relocate", from, to, act });
}
