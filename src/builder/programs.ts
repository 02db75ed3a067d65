/** Whether a build finds a program, and how to get one that is missing. */
import type { Manifest } from "../core/index.ts";
import type { Disk } from "../world/index.ts";
import { findProgram } from "../view/index.ts";

/** Whether a build with these layers and folders finds a program of this name. */
export function hasProgram(
  disk: Disk,
  name: string,
  options: { layers: readonly { manifest: Manifest }[]; folders: readonly string[] },
): boolean {
  return (
    isInLayers(options.layers, `bin/${name}`) ||
    findProgram(disk, name, options.folders) !== undefined
  );
}

/** Whether one of these layers has a path. */
export function isInLayers(layers: readonly { manifest: Manifest }[], path: string): boolean {
  return layers.some(({ manifest }) => manifest.some((entry) => entry.path === path));
}

/** What the systems' package managers call the package, where that is not the program's name. */
const packageOfProgram: Readonly<Record<string, string>> = {
  aclocal: "automake",
  autoreconf: "autoconf and automake",
  "c++": "g++",
  cc: "gcc",
  gcc: "gcc",
  "g++": "g++",
  libtoolize: "libtool",
  ninja: "ninja-build",
  "pkg-config": "pkg-config",
};

export function howToGet(program: string): string {
  const name = packageOfProgram[program] ?? program;
  return `Install ${name} with the system's package manager, or add a package that provides bin/${program} to depends.build.`;
}
