/** What the source room tells of downloads, as events of the run. */
import type { EventSink } from "../core/index.ts";
import type { SourceEvent } from "../source/index.ts";
import type { World } from "../world/index.ts";

export function reportSource(world: World, emit: EventSink): (event: SourceEvent) => void {
  const started = new Map<string, number>();
  return (event) => {
    switch (event.kind) {
      case "download-started":
        started.set(event.url, world.clock.monotonicMs());
        return emit({ kind: "fetch-started", package: event.package, from: event.url });
      case "download-finished": {
        const startedMs = started.get(event.url) ?? world.clock.monotonicMs();
        return emit({
          kind: "fetch-finished",
          package: event.package,
          bytes: event.sizeBytes,
          durationMs: world.clock.monotonicMs() - startedMs,
        });
      }
      case "download-retried":
      case "mirror-failed":
        return emit({
          kind: "fetch-retried",
          package: event.package,
          reason: `${event.url}: ${event.reason}`,
        });
      case "lock-awaited":
        return emit({ kind: "waiting", for: event.text });
      case "warning":
        return emit({ kind: "note", package: event.package, text: event.message });
      case "download-progress":
        return undefined;
    }
  };
}
