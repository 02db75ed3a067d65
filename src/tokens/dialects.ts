/**
 * How each kind of program is told of the jobserver. make and what works as it does read MAKEFLAGS.
 * There, descriptors stand: make before 4.4 ends with an error where it finds a FIFO. ninja wants the
 * FIFO and nothing else; the program before it on PATH turns one into the other. cargo takes both;
 * the FIFO is reached even if Python's subprocess, from which it is started, closes descriptors.
 */
import { type Disk, makeDirectories, tokenDescriptors } from "../world/index.ts";
import { makeShim, ninjaShim } from "./ninja-shim.ts";

const { take, giveBack } = tokenDescriptors;

/** Relative to the work folder. */
const fifoName = "tokens";
export const shimFolder = "bin";
const executable = 0o755;

/** A package's own, on disk and as its build sees it. */
interface WorkFolder {
  readonly work: string;
  readonly workInside: string;
}

/** On disk. */
export function tokenFifo({ work }: WorkFolder): string {
  return `${work}/${fifoName}`;
}

export function tokenEnvironment(jobs: number, { workInside }: WorkFolder): Record<string, string> {
  const fifo = `${workInside}/${fifoName}`;
  return {
    MAKEFLAGS: `-j${jobs} --jobserver-auth=${take},${giveBack}`,
    CARGO_MAKEFLAGS: `-j${jobs} --jobserver-auth=fifo:${fifo}`,
    TENON_JOBS: String(jobs),
    TENON_TOKENS: fifo,
  };
}

/** Where the build finds a ninja, it finds ours first; an empty folder otherwise. */
export function placeShims(
  disk: Disk,
  { work }: WorkFolder,
  has: (program: string) => boolean,
): void {
  const folder = `${work}/${shimFolder}`;
  makeDirectories(disk, `${folder}/under-ninja`);
  for (const name of ["ninja", "ninja-build"]) {
    if (has(name)) disk.createFile(`${folder}/${name}`, ninjaShim, executable);
  }
  for (const name of ["make", "gmake"]) {
    disk.createFile(`${folder}/under-ninja/${name}`, makeShim, executable);
  }
}
