/** The jobserver of one package on this machine: two FIFOs, with an end of ours and one of theirs. */
import * as fs from "node:fs";
import { Socket } from "node:net";
import type { Jobserver } from "../jobserver.ts";
import { attempt, check, codeOf } from "./attempts.ts";
import { type Descriptor, openDescriptor } from "./descriptor.ts";
import { systemCalls } from "./system-calls.ts";

const { O_RDWR, O_RDONLY, O_WRONLY, O_NONBLOCK } = fs.constants;
const onlyOwner = 0o600;
const pipeSizeBytes = 65_536;

export interface RealJobserver extends Jobserver {
  /** What programs inherit. Apart from our own ends, since make changes how its own one blocks. */
  readonly ends: { readonly take: Descriptor; readonly giveBack: Descriptor };
}

export function openJobserver(fifo: string, onReturn: (count: number) => void): RealJobserver {
  const returns = `${fifo}.back`;
  for (const path of [fifo, returns]) {
    check("mkfifo", path, systemCalls().makeFifo(path, onlyOwner));
  }
  const closers: (() => void)[] = [];
  const close = (): void => {
    for (const closeOne of closers) closeOne();
    for (const path of [fifo, returns]) remove(path);
  };
  const open = (path: string, flags: number): Descriptor => {
    const descriptor = openDescriptor("open", path, () => fs.openSync(path, flags));
    closers.push(descriptor.close);
    return descriptor;
  };
  try {
    // An end that reads and writes never meets the end of its file, and lets the others be opened.
    const offers = open(fifo, O_RDWR | O_NONBLOCK);
    const given = open(returns, O_RDWR | O_NONBLOCK);
    const ends = { take: open(fifo, O_RDONLY), giveBack: open(returns, O_WRONLY) };
    closers.push(listen(returns, onReturn));
    return {
      ends,
      offer: (count) => offers.use("write", (fd) => void fs.writeSync(fd, "+".repeat(count))),
      unread: () => offers.use("ioctl", (fd) => systemCalls().unreadBytes(fd)),
      withdraw: (atMost) => readUpTo(offers, atMost),
      collect: () => readUpTo(given, pipeSizeBytes),
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

/** A build may have put something else in its place: that goes with the build's folder. */
function remove(path: string): void {
  try {
    fs.rmSync(path, { recursive: true, force: true });
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
  }
}

function listen(path: string, onReturn: (count: number) => void): () => void {
  const fd = attempt("open", path, () => fs.openSync(path, O_RDONLY | O_NONBLOCK));
  const socket = new Socket({ fd, readable: true, writable: false });
  socket.on("data", (tokens) => onReturn(tokens.length));
  return () => void socket.destroy();
}

/** Bytes of a descriptor that does not wait. */
export function readUpTo(descriptor: Descriptor, atMost: number): number {
  return descriptor.use("read", (fd) => {
    try {
      return fs.readSync(fd, Buffer.alloc(atMost));
    } catch (error) {
      if (codeOf(error) === "EAGAIN") return 0;
      throw error;
    }
  });
}
