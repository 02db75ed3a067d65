/** What a worker tells while it works comes into the client's own logs and events. */
import { nameOf, type EventSink } from "../core/index.ts";
import { parseEvent } from "../events/index.ts";
import { type Disk, isDiskError, listIfAny, makeDirectories } from "../world/index.ts";
import { eventsFile, logsFolder } from "./outcome.ts";

interface FollowOptions {
  readonly disk: Disk;
  /** The attempt's. */
  readonly folder: string;
  /** The client's, of the package. */
  readonly logFolder: string;
  readonly package: string;
  readonly emit?: EventSink;
}

const logName = /^\d+-[\w.+-]+\.log$/;
const passedOn = new Set(["step-started", "step-finished", "tokens", "note"]);

/** Each call takes what has come since the last one. */
export function followAttempt(options: FollowOptions): () => void {
  const { disk, folder, logFolder } = options;
  const taken = new Map<string, number>();
  let eventBytes = 0;
  const takeLogs = (): void => {
    for (const { name, type } of listIfAny(disk, `${folder}/${logsFolder}`)) {
      if (type !== "file" || !logName.test(name)) continue;
      makeDirectories(disk, logFolder);
      const from = taken.get(name) ?? 0;
      const piece = readFrom(disk, `${folder}/${logsFolder}/${name}`, from);
      if (piece.length === 0) continue;
      append(disk, `${logFolder}/${name}`, piece);
      taken.set(name, from + piece.length);
    }
  };
  const takeEvents = (): void => {
    const piece = readFrom(disk, `${folder}/${eventsFile}`, eventBytes);
    const whole = piece.subarray(0, piece.lastIndexOf("\n") + 1);
    eventBytes += whole.length;
    for (const line of whole.toString("utf8").split("\n")) passOn(options, line);
  };
  return () => {
    takeLogs();
    takeEvents();
  };
}

function passOn({ emit, package: name, logFolder }: FollowOptions, line: string): void {
  const event = parseEvent(line);
  if (event === undefined || !passedOn.has(event.kind)) return;
  const { atMs: _atMs, ...body } = event;
  if (body.kind === "step-started")
    emit?.({ ...body, package: name, logFile: `${logFolder}/${nameOf(body.logFile)}` });
  else emit?.({ ...body, package: name } as Parameters<EventSink>[0]);
}

function readFrom(disk: Disk, file: string, from: number): Buffer {
  try {
    const sizeBytes = disk.statusOfTarget(file)?.sizeBytes ?? 0;
    if (sizeBytes <= from) return Buffer.alloc(0);
    return Buffer.from(disk.readSlice(file, from, sizeBytes - from));
  } catch (error) {
    if (isDiskError(error, "ENOENT", "ESTALE")) return Buffer.alloc(0);
    throw error;
  }
}

function append(disk: Disk, file: string, piece: Uint8Array): void {
  const writer = disk.openWriter(file, { append: true });
  writer.write(piece);
  writer.close();
}
