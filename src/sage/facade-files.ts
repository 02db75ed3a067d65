/**
 * Descriptions for pkg-config of libraries of the system's, under the names by which packages of the checkout
 * look for them. make writes them into SAGE_LOCAL by rules that configure has made; here they are a package,
 * made by the same rules, so that views show them.
 */
import { isWithin, nameOf, shellWord } from "../core/index.ts";
import type { Disk } from "../world/index.ts";
import { isolatedOnly } from "./build-script.ts";
import type { Configured } from "./makefile.ts";
import type { SageRecipe } from "./sage-recipe.ts";

export const facadeName = "system_pkgconfig";

/** Absolute; none where all such libraries are built. */
export function facadeFiles({ words, local }: Configured): string[] {
  return words("PCFILES").filter((file) => isWithin(file, local));
}

/** Undefined where there is nothing to describe. */
export function facadeRecipe(disk: Disk, configured: Configured): SageRecipe | undefined {
  const files = facadeFiles(configured);
  if (files.length === 0) return undefined;
  const rules = rulesOf(configured.text);
  const paths = files.map((file) => file.slice(configured.local.length + 1));
  return {
    name: facadeName,
    version: "none",
    file: configured.file,
    patches: [],
    inputFiles: () => describedBy(disk, rules),
    depends: { build: [], run: [] },
    build: { system: "script", script: scriptOf(configured, rules, files), args: [], env: {} },
    stage: { drop: [], takesOver: [] },
    sage: { type: "standard", source: "script", tree: "SAGE_LOCAL" },
    sageStamp: { path: paths[0] ?? "", lists: paths, prerequisites: [], files: () => [] },
  };
}

/** Each with the lines that make would run. */
function rulesOf(makefile: string): string {
  const rule = /^\$\(SAGE_PKGCONFIG\)\/\S+\.pc.*:.*\n(?:\t.*\n)*/gm;
  return (makefile.match(rule) ?? []).join("");
}

/** The system's own descriptions, which change when the system is brought up to date. */
function describedBy(disk: Disk, rules: string): string[] {
  const named = [...rules.matchAll(/\/[^\s"']+\.pc/g)].map(([path]) => path);
  return [...new Set(named)].filter((path) => disk.statusOfTarget(path)?.type === "file");
}

function scriptOf(
  { local, variables }: Configured,
  rules: string,
  files: readonly string[],
): string {
  const folder = `${local}/lib/pkgconfig`;
  const used = new Set([...rules.matchAll(/\$\((\w+)\)/g)].map(([, name = ""]) => name));
  const settings = [...used].map((name) => `${name} = ${variables.expand(`$(${name})`)}`);
  const end = "end-of-rules";
  return [
    isolatedOnly,
    `mkdir -p ${shellWord(folder)}`,
    `make -f - ${files.map((file) => shellWord(`${folder}/${nameOf(file)}`)).join(" ")} <<'${end}'`,
    ...settings,
    `${rules}${end}`,
    "",
  ].join("\n");
}
