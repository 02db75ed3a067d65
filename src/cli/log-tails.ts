/** What running builds print, as it comes: the last line of each, or all of it. */
import { lastOverwritten, plainText } from "../core/index.ts";
import type { RunningPackage } from "../events/index.ts";
import { isDiskError, type World } from "../world/index.ts";
import { sayPrefix } from "../relocation/index.ts";

export interface TailLine {
  /** The package whose step printed it. */
  readonly name: string;
  readonly line: string;
}

export interface LogTails {
  /** Looks at the logs again; with `all`, gives the whole lines that came since the last look. */
  look(running: readonly RunningPackage[], options: { readonly all: boolean }): TailLine[];
  lastLine(name: string): string;
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

export function createLogTails({ disk }: World): LogTails {
  const tails = new Map<string, Tail>();

  const tailOf = (name: string, file: string): Tail => {
    const known = tails.get(name);
    if (known?.file === file) return known;
    const tail = { file, readBytes: 0, rest: "", lastLine: known?.lastLine ?? "" };
    tails.set(name, tail);
    return tail;
  };
  const lookAt = (name: string, file: string, mostNewBytes: number): string[] => {
    const tail = tailOf(name, file);
    const sizeBytes = disk.statusOfTarget(file)?.sizeBytes ?? 0;
    if (sizeBytes <= tail.readBytes) return [];
    const from = Math.max(tail.readBytes, sizeBytes - mostNewBytes);
    if (from > tail.readBytes) tail.rest = "";
    const written = tail.rest + Buffer.concat([...disk.readChunks(file, from)]).toString("utf8");
    const shown = written.split("\n").map((line) => sayPrefix(plainText(lastOverwritten(line))));
    const own = `== ${name}: `; // tenon's, before and after the program's
    tail.readBytes = sizeBytes;
    tail.rest = written.slice(written.lastIndexOf("\n") + 1);
    tail.lastLine =
      shown.findLast((line) => line.trim() !== "" && !line.startsWith(own)) ?? tail.lastLine;
    return shown.slice(0, -1);
  };
  return {
    look: (running, { all }) => {
      const names = new Set(running.map(({ name }) => name));
      for (const name of tails.keys()) if (!names.has(name)) tails.delete(name);
      return running.flatMap(({ name, node: { logFile } }) => {
        if (logFile === undefined) return [];
        try {
          const lines = lookAt(name, logFile, all ? mostBytes : endBytes);
          return all ? lines.map((line) => ({ name, line })) : [];
        } catch (error) {
          if (isDiskError(error)) return []; // a view of a build must not end it
          throw error;
        }
      });
    },
    lastLine: (name) => tails.get(name)?.lastLine ?? "",
  };
}
