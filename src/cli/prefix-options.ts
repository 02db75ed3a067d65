/** The options of a command that changes a prefix and needs no recipes. Not for start-up: it loads the engine. */
import type { EventSink } from "../core/index.ts";
import { allowsWeakRenames, type SessionOptions } from "../library/index.ts";
import type { Context } from "./context.ts";
import { type SessionFlags, sessionOptions } from "./options.ts";

/** As all sessions have them, with what the workspace of the prefix says. */
export function prefixOptions(
  context: Context,
  flags: SessionFlags,
  command: { readonly activity: string; readonly emit: EventSink },
): SessionOptions {
  const options = sessionOptions(context, flags, command);
  return {
    ...options,
    weakRenames: options.weakRenames ?? allowsWeakRenames(context.world, options),
  };
}
