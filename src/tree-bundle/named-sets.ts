/** What is taken of a SageMath checkout where a release does not say otherwise. */
import type { Pattern } from "./patterns.ts";

/** What a build leaves behind, what the machine's Python makes anew, and what a bundle has of its own. */
const leftOut = [
  "**/*.py[co]",
  "**/__pycache__",
  "upstream/**",
  "logs/**",
  "config.log",
  "autom4te.cache/**",
  "src/build/**",
  "relocate-once.py",
];

/** The same of SAGE_LOCAL. Wheels have compiled files packed, in which nothing can name another path. */
const leftOutOfPrefix = [
  "var/tmp/**",
  "var/lib/sage/wheels/**",
  "var/lib/sage/displaced/**",
  "var/lib/tenon",
  "var/lib/tenon/**",
];

/** What is for building alone: of the sources, only the programs stay that `./sage` starts. */
const forBuilding = [".git", ".git/**", "build/**", "pkgs/**", "src/**", "**/*.a", "**/*.la"];

export const setNames = ["whole", "runtime"] as const;

export type SetName = (typeof setNames)[number];

/** `prefix` is SAGE_LOCAL, relative to the checkout. With `whole` a person can go on building, with `runtime` work. */
export function namedSet(name: SetName, prefix: string): readonly Pattern[] {
  const never = [...leftOut, ...leftOutOfPrefix.map((each) => `${prefix}/${each}`)].map(
    (exclude) => ({ exclude }),
  );
  if (name === "whole") return [{ include: "**" }, ...never];
  return [
    { include: "**" },
    ...forBuilding.map((exclude) => ({ exclude })),
    { include: "src/bin/**" },
    ...never,
  ];
}
