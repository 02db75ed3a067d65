/** Telling of folders that keep the mode which an earlier package gave them. */
import type { Claims } from "./claims.ts";
import type { Decision } from "./decide.ts";

/** Which package made a directory first must not decide what it is without a word (I9). */
export function describeModes(
  { differing }: Decision,
  { granted }: Claims,
  isQuiet: (path: string) => boolean,
): string[] {
  return differing
    .filter(({ path }) => !isQuiet(path))
    .map(({ path, wanted, present }) => {
      const [name] = [...granted].find(([, manifest]) => manifest.some((e) => e.path === path)) ?? [
        "a package",
      ];
      return `the folder ${path} keeps its mode ${present.toString(8)}; in ${name} it has ${wanted.toString(8)}`;
    });
}
