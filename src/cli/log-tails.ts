/** What running builds print, as it comes: the last line of each, or all of it. */
import { lastOverwritten, plainText } from "../core/index.ts";
import { type RunState } from "../events/index.ts";
import { isDiskError, type World } from "../world/index.ts";

export interface LogTails {
  /** Looks at the logs again; true when a last line is another one. */
  look(): boolean;
  lastLine(name: string): string;
  /** With `all`, whole lines are handed over as they come, also those of a log that ends. */
  follow(all: ((name: string, line: string) => void) | undefined): void;
  /** The package's step ends: hands over what has not been seen. */
  finish(name: string): void;
}

interface Tail {
  file: string;
  readBytes: number;
  /** The beginning of a line whose end is not there yet. */
  rest: string;
  lastLine: string;
}

/** More in one look is passed over: a person cannot read it anyway. */
const mostBytes = 64 * 1024;
/** Enough to find the last line. */
const endBytes = 4096;

export function createLogTails({ disk }: World, run: RunState): LogTails {
  const tails = new Map<string, Tail>();
  let handOver: ((name: string, line: string) => void) | undefined;

  const sizeOf = (file: string): number => disk.statusOfTarget(file)?.sizeBytes ?? 0;
  const tailOf = (name: string, file: string): Tail => {
    const known = tails.get(name);
    if (known?.file === file) return known;
    const tail = { file, readBytes: 0, rest: "", lastLine: known?.lastLine ?? "" };
    tails.set(name, tail);
    return tail;
  };
  const lookAt = (name: string, file: string): boolean => {
    const tail = tailOf(name, file);
    const sizeBytes = sizeOf(file);
    if (sizeBytes <= tail.readBytes) return false;
    const from = Math.max(tail.readBytes, sizeBytes - (handOver ? mostBytes : endBytes));
    if (from > tail.readBytes) tail.rest = "";
    const lines = (tail.rest + textFrom(disk, file, from)).split("\n");
    tail.readBytes = sizeBytes;
    tail.rest = lines.pop() ?? "";
    for (const line of lines) handOver?.(name, plainText(lastOverwritten(line)));
    const own = `== ${name}: `; // tenon's, before and after the program's
    const last = [...lines, tail.rest]
      .map((line) => plainText(lastOverwritten(line)))
      .findLast((line) => isWord(line) && !line.startsWith(own));
    if (last === undefined || last === tail.lastLine) return false;
    tail.lastLine = last;
    return true;
  };
  const guarded = (name: string): boolean => {
    const { logFile } = run.running.get(name) ?? {};
    if (logFile === undefined) return false;
    try {
      return lookAt(name, logFile);
    } catch (error) {
      if (isDiskError(error)) return false; // a view of a build must not end it
      throw error;
    }
  };
  return {
    look: () => {
      for (const name of tails.keys()) if (!run.running.has(name)) tails.delete(name);
      return [...run.running.keys()].map(guarded).some(Boolean);
    },
    lastLine: (name) => tails.get(name)?.lastLine ?? "",
    follow: (all) => {
      handOver = all;
    },
    finish: (name) => {
      if (handOver !== undefined) guarded(name);
    },
  };
}

function textFrom(disk: World["disk"], file: string, fromByte: number): string {
  return Buffer.concat([...disk.readChunks(file, fromByte)]).toString("utf8");
}

function isWord(text: string): boolean {
  return text.trim() !== "";
}
