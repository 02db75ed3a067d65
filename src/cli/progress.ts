/** The progress of a build: a live view where somebody looks on, else the same lines as ever. */
import type { EventBody } from "../core/index.ts";
import { type Context, makeSink } from "./context.ts";
import { openLiveView } from "./live-view.ts";

export function openProgress(
  context: Context,
  options: { readonly json: boolean; readonly verbose: boolean; readonly quiet: boolean },
): { emit(event: EventBody): void; close(): void } {
  const { terminal, world, signal } = context;
  if (options.json || options.quiet || terminal === undefined) {
    return { emit: makeSink(context, options), close: () => {} };
  }
  const { currentDirectory } = context;
  const style = context.style.err;
  const progress = { style, verbose: options.verbose, currentDirectory };
  return openLiveView({ terminal, world, progress, signal });
}
