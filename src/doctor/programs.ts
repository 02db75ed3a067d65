/** The machine's programs that tenon or many builds start, and what needs each. */

const needs = {
  unshare: "views need it (package util-linux)",
  mount: "views need it (package util-linux)",
  cc: "packages in C and C++ and Python extensions need it (packages gcc and libc6-dev)",
  make: "the build systems make and autotools need it",
  python3: "Python packages need it (with its headers: python3-dev)",
  patch: "recipes with patches need it",
  git: "sources in git need it",
  tar: "some Python packages and many build scripts need it",
  xz: "sources in .tar.xz archives need it",
  bzip2: "sources in .tar.bz2 archives need it",
  cmake: "the build system cmake needs it",
  ninja: "the build systems cmake and meson use it",
} as const;

type NeededProgram = keyof typeof needs;

export const neededPrograms = Object.keys(needs) as readonly NeededProgram[];

export function needOf(program: string): string {
  return needs[program as NeededProgram];
}
