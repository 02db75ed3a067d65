/** The jobserver of the make that started this process: `R,W` or `fifo:PATH`. */
import * as fs from "node:fs";
import type { CallersJobserver } from "../jobserver.ts";
import { readUpTo } from "./jobserver.ts";
import { type Descriptor, openDescriptor } from "./descriptor.ts";

const { O_RDONLY, O_WRONLY, O_NONBLOCK } = fs.constants;

export function joinJobserver(address: string): CallersJobserver | undefined {
  const paths = pathsOf(address);
  if (!paths?.every(isPipe)) return undefined;
  try {
    // Opened anew, because how make's own descriptors block is not ours to change.
    const take = open(paths[0], O_RDONLY | O_NONBLOCK);
    const giveBack = open(paths[1], O_WRONLY);
    return exchangeWith(take, giveBack);
  } catch {
    return undefined; // as make does where it may not
  }
}

function pathsOf(address: string): readonly [string, string] | undefined {
  if (address.startsWith("fifo:")) {
    const path = address.slice("fifo:".length);
    return [path, path];
  }
  const [, read, write] = /^(\d+),(\d+)$/.exec(address) ?? [];
  if (read === undefined || write === undefined) return undefined;
  if (!isInherited(read) || !isInherited(write)) return undefined;
  return [`/proc/self/fd/${read}`, `/proc/self/fd/${write}`];
}

/** Where make's rule lacks a `+`, the numbers are closed, or are those of pipes of Node's own. */
function isInherited(descriptor: string): boolean {
  try {
    const [ours, theirs] = ["self", process.ppid].map((id) =>
      fs.readlinkSync(`/proc/${id}/fd/${descriptor}`),
    );
    return ours === theirs;
  } catch {
    return false;
  }
}

function isPipe(path: string): boolean {
  try {
    return fs.statSync(path).isFIFO();
  } catch {
    return false;
  }
}

function open(path: string, flags: number): Descriptor {
  return openDescriptor("open", path, () => fs.openSync(path, flags));
}

function exchangeWith(take: Descriptor, giveBack: Descriptor): CallersJobserver {
  let held = 0;
  const write = (count: number): void =>
    giveBack.use("write", (fd) => void fs.writeSync(fd, "+".repeat(count)));
  process.once("exit", () => {
    if (held > 0) write(held);
  });
  return {
    take: () => {
      const got = readUpTo(take, 1);
      held += got;
      return got > 0;
    },
    giveBack: () => {
      held -= 1;
      write(1);
    },
  };
}
