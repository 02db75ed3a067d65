/** The virtual environment that the makefile makes itself, of the machine's Python, as a package. */
import { dirname } from "node:path";
import { shellWord } from "../core/index.ts";
import { isolatedOnly } from "./build-script.ts";
import { type Configured, relativeToPrefix } from "./makefile.ts";
import type { SageRecipe } from "./sage-recipe.ts";

export const venvName = "python3_venv";

/** Undefined where Sage builds its own Python, or has no virtual environment. */
export function venvRecipe(root: string, configured: Configured): SageRecipe | undefined {
  const { local, venv, pythonForVenv: python, pythonMinor, venvFlags, venvPlace } = configured;
  if (python === undefined) return undefined;
  const systemSite = venvFlags.find((flag) => flag === "--system-site-packages") ?? "";
  const stamp = `${venvName}-3.${pythonMinor}-${python.replaceAll("/", "-")}${systemSite}`;
  return {
    name: venvName,
    version: `3.${pythonMinor}`,
    file: configured.file,
    patches: [],
    inputFiles: () => [`${root}/build/bin/sage-venv`, python],
    depends: { build: [], run: [] },
    build: {
      system: "script",
      script: venvScript(configured, { root, python, stamp }),
      args: [],
      env: {},
      outside: { shown: shownFolders({ root, configured }), writable: [] },
    },
    // In SAGE_LOCAL, configure has made that link.
    stage: { drop: venvPlace.folder === local ? ["lib64"] : [], takesOver: [] },
    sage: { type: "standard", source: "script", tree: "SAGE_VENV" },
    sageStamp: {
      path: relativeToPrefix(configured, `${venv}/var/lib/sage/installed/${stamp}`),
      prerequisites: [],
      files: () => [],
    },
  };
}

/** SAGE_VENV may be a link from elsewhere, and the Python that it is made of may be in a folder that views hide, such as /tmp. */
export function shownFolders(place: {
  readonly root: string;
  readonly configured: Pick<Configured, "venv" | "pythonForVenv">;
}): string[] {
  const { root, configured } = place;
  const { venv, pythonForVenv: python } = configured;
  return [root, venv, ...(python === undefined ? [] : [dirname(python)])];
}

function venvScript(
  { venvFlags, venvPlace }: Configured,
  options: { readonly root: string; readonly python: string; readonly stamp: string },
): string {
  const { folder } = venvPlace; // Python makes no virtual environment in a link
  const installed = shellWord(`${folder}/var/lib/sage/installed`);
  const words = [options.python, `${options.root}/build/bin/sage-venv`, ...venvFlags, folder];
  return [
    isolatedOnly,
    words.map(shellWord).join(" "),
    `mkdir -p ${installed}`,
    `: >${installed}/${shellWord(options.stamp)}`,
    "",
  ].join("\n");
}
