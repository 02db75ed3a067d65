/** Every event of a run is also kept in its folder: what a report of it is made from, later. */
import { type Event, type EventBody, eventFormat, type EventSink } from "../core/index.ts";
import type { FileWriter, World } from "../world/index.ts";

/** What the person has typed. */
export interface Invocation {
  readonly version: string;
  readonly arguments: readonly string[];
}

export interface EventRecord {
  /** Gives each event its time, and passes it on. */
  readonly emit: EventSink;
  /** The run has a file from now on; what was before is its beginning. `onClose` ends the run. */
  open(file: string, onClose?: () => void): void;
  close(): void;
}

export function recordEvents(
  world: World,
  emit: EventSink,
  invocation: Invocation = { version: "", arguments: [] },
): EventRecord {
  let writer: FileWriter | undefined;
  let closed: (() => void) | undefined;
  let early: Event[] | undefined = [];
  const write = (event: Event): void => writer?.write(Buffer.from(`${JSON.stringify(event)}\n`));
  const record = (body: EventBody): void => {
    const event = { atMs: world.clock.now(), ...body };
    early?.push(event);
    write(event);
    emit(event);
  };
  record({ kind: "opened", format: eventFormat, ...invocation });
  return {
    emit: record,
    open: (file, onClose) => {
      closed = onClose;
      writer = world.disk.openWriter(file);
      early?.forEach(write);
      early = undefined;
    },
    close: () => {
      writer?.close();
      writer = undefined;
      closed?.();
    },
  };
}
