/**
 * The shell script that builds one package of a checkout, by the checkout's own sage-spkg.
 *
 * It is run in a view, where nothing of the prefix is there but the package's dependencies. So
 * sage-spkg may do all it does, unload what was staged and run pip included: whatever it writes into the
 * prefix, past DESTDIR too, is what the package is, and its stamp, its scripts and its wheel are among
 * that. What the makefile and build/make/install would have set is set here.
 */
import { shellWord } from "../core/index.ts";
import type { Configured } from "./makefile.ts";
import type { SagePackage } from "./package.ts";

export interface ScriptPlace {
  readonly root: string;
  readonly configured: Pick<Configured, "local" | "venv">;
}

export function buildScript(item: SagePackage, place: ScriptPlace): string {
  // sage-spkg knows nothing of these: its makefile calls pip itself, and pip keeps the record.
  if (item.source === "pip") {
    const requirements = `"$SAGE_ROOT/build/pkgs/${item.name}/requirements.txt"`;
    return [preamble(item, place), `sage --pip install -r ${requirements}`, ""].join("\n");
  }
  return [
    preamble(item, place),
    // -k: there is no older version here to remove. -s: its tests may need the build's folder.
    `sage-spkg -y -k -s ${stampOf(item)} "$TREE"`,
    sameEveryTime(stampPath(item, place)),
  ].join("\n");
}

/** Run on what was built, in the folder that the build has left. */
export function checkScript(item: SagePackage, place: ScriptPlace): string {
  return [preamble(item, place), `sage-spkg -y -x ${stampOf(item)} "$TREE"`, ""].join("\n");
}

/** The virtual environment that all Python packages go to, where the machine has a good Python. */
export function venvScript(
  configured: Pick<Configured, "venvFlags" | "venvPlace">,
  options: { readonly root: string; readonly python: string; readonly stamp: string },
): string {
  const { venvFlags, venvPlace } = configured;
  const { folder } = venvPlace; // Python makes no virtual environment in a link
  const installed = shellWord(`${folder}/var/lib/sage/installed`);
  const words = [options.python, `${options.root}/build/bin/sage-venv`, ...venvFlags, folder];
  return [
    viewOnly,
    words.map(shellWord).join(" "),
    `mkdir -p ${installed}`,
    `: >${installed}/${shellWord(options.stamp)}`,
    "",
  ].join("\n");
}

/** `NAME-VERSION`, or the name alone for what has no version. */
export function stampOf({ name, version }: SagePackage): string {
  return `${name}-${version ?? "none"}`;
}

/** Absolute. */
export function stampPath(item: SagePackage, place: ScriptPlace): string {
  return `${treeOf(item, place)}/var/lib/sage/installed/${stampOf(item)}`;
}

export function treeOf({ trees }: SagePackage, { configured }: ScriptPlace): string {
  return trees[0] === "SAGE_VENV" ? configured.venv : configured.local;
}

const viewOnly = `if [ -n "$DESTDIR" ]; then
  echo "a package of a SageMath checkout is built in a view only, not with --isolation none" >&2
  exit 1
fi`;

function preamble(item: SagePackage, place: ScriptPlace): string {
  const { root, configured } = place;
  const settings = {
    SAGE_ROOT: root,
    SAGE_SRC: `${root}/src`,
    SAGE_LOCAL: configured.local,
    SAGE_VENV: configured.venv,
    SAGE_SHARE: `${configured.local}/share`,
    SAGE_PKGCONFIG: `${configured.local}/lib/pkgconfig`,
    SAGE_LOGS: `${root}/logs/pkgs`,
    PYTHONPATH: configured.local,
    TREE: treeOf(item, place),
  };
  return [
    viewOnly,
    // Sage's own environment says where headers and libraries are, and in which order.
    "unset PREFIX DESTDIR CPATH LIBRARY_PATH LD_RUN_PATH LDFLAGS PKG_CONFIG_PATH CMAKE_PREFIX_PATH CMAKE_LIBRARY_PATH ACLOCAL_PATH",
    ...Object.entries(settings).map(([name, value]) => `export ${name}=${shellWord(value)}`),
    'export SAGE_ORIG_PATH="$PATH" SAGE_ORIG_PATH_SET=True',
    'export PATH="$SAGE_SRC/bin:$TREE/bin:$SAGE_ROOT/build/bin:$SAGE_SRC/bin:$SAGE_LOCAL/bin:$PATH"',
    'export SAGE_NUM_THREADS="$JOBS" SAGE_NUM_THREADS_PARALLEL="$JOBS" MAKE=make SAGE_CHECK=no',
    'export SAGE_DISTFILES="$SOURCE_DIR" SAGE_BUILD_DIR="${SOURCE_DIR%/src}/sage"',
    'mkdir -p "$SAGE_LOCAL/lib/pkgconfig" "$SAGE_BUILD_DIR"',
  ].join("\n");
}

/** When and on which kernel a package was built is no part of it: the same build gives the same stamp. */
function sameEveryTime(stamp: string): string {
  return [
    "sed -i \\",
    `  -e 's/^    "install_date": .*/    "install_date": "'"$(LC_ALL=C date -u -d "@$SOURCE_DATE_EPOCH")"'",/' \\`,
    `  -e 's/^    "system_uname": .*/    "system_uname": "'"$(uname -s -m)"'",/' \\`,
    `  ${shellWord(stamp)}`,
    "",
  ].join("\n");
}
