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

interface ScriptPlace {
  readonly root: string;
  readonly configured: Configured;
  /** Those of the caller's environment that the script finds in its own. */
  readonly settings: Readonly<Record<string, string>>;
}

export function buildScript(item: SagePackage, place: ScriptPlace): string {
  // sage-spkg knows nothing of these: its makefile calls pip itself, and pip keeps the record.
  if (item.source === "pip") {
    const requirements = `"$SAGE_ROOT/build/pkgs/${item.name}/requirements.txt"`;
    const install = `sage --pip install -r ${requirements}`;
    return [preamble(item, place), install, withoutEmptyFolders, ""].join("\n");
  }
  return [
    preamble(item, place),
    pipWithoutBytecode,
    // -k: there is no older version here to remove. -s: its tests may need the build's folder.
    `sage-spkg -y -k -s ${stampOf(item)} "$TREE"`,
    withoutEmptyFolders,
    sameEveryTime(stampPath(item, place)),
  ].join("\n");
}

/** Run on what was built, in the folder that the build has left. */
export function checkScript(item: SagePackage, place: ScriptPlace): string {
  return [preamble(item, place), `sage-spkg -y -x ${stampOf(item)} "$TREE"`, ""].join("\n");
}

/** `NAME-VERSION`, or the name alone for what has no version. */
export function stampOf({ name, version }: SagePackage): string {
  return `${name}-${version ?? "none"}`;
}

/** Absolute. */
export function stampPath(item: SagePackage, place: ScriptPlace): string {
  return `${treeFolderOf(item, place)}/var/lib/sage/installed/${stampOf(item)}`;
}

/** The folder that the package goes to, absolute. */
export function treeFolderOf(
  item: SagePackage,
  { configured }: Pick<ScriptPlace, "configured">,
): string {
  return configured.folderOf(treeNameOf(item, configured)) ?? configured.local;
}

/** `SAGE_LOCAL`, `SAGE_VENV` or another variable of the makefile's. */
export function treeNameOf({ name, trees }: SagePackage, { words }: Configured): string {
  return words(`trees_${name}`)[0] ?? trees[0] ?? "SAGE_LOCAL";
}

/** The beginning of every script of a checkout's. */
export const isolatedOnly = `if [ -n "$DESTDIR" ]; then
  echo "a package of a SageMath checkout is built in a view only, not with --isolation none" >&2
  exit 1
fi`;

/** Sage's own environment says where headers and libraries are, and in which order. */
const pathsOfView =
  "PREFIX DESTDIR CPATH LIBRARY_PATH LD_RUN_PATH LDFLAGS PKG_CONFIG_PATH CMAKE_PREFIX_PATH CMAKE_LIBRARY_PATH ACLOCAL_PATH".split(
    " ",
  );

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
    // What is meant for a person's home, which builds do not see, goes where Jupyter looks as well.
    JUPYTER_DATA_DIR: `${configured.venv}/share/jupyter`,
    TREE: treeFolderOf(item, place),
  };
  return [
    isolatedOnly,
    `unset ${pathsOfView.filter((name) => !Object.hasOwn(place.settings, name)).join(" ")}`,
    ...Object.entries(settings).map(([name, value]) => `export ${name}=${shellWord(value)}`),
    'export SAGE_ORIG_PATH="$PATH" SAGE_ORIG_PATH_SET=True',
    'export PATH="$SAGE_SRC/bin:$TREE/bin:$SAGE_ROOT/build/bin:$SAGE_SRC/bin:$SAGE_LOCAL/bin:$PATH"',
    'export SAGE_NUM_THREADS="$JOBS" SAGE_NUM_THREADS_PARALLEL="$JOBS" MAKE=make SAGE_CHECK=no',
    'export SAGE_DISTFILES="$SOURCE_DIR" SAGE_BUILD_DIR="${SOURCE_DIR%/src}/sage"',
    `mkdir -p ${configuredFolders} "$SAGE_BUILD_DIR"`,
  ].join("\n");
}

/** configure has made them, and scripts copy their programs into "$SAGE_LOCAL/bin" without a look. */
const configuredFolders = ["bin", "etc", "include", "lib/pkgconfig", "share"]
  .map((folder) => `"$SAGE_LOCAL/${folder}"`)
  .join(" ");

/**
 * pip compiles all that it installs, and artifacts have none of that (I5). Only a file can say so, as Sage
 * lets pip read nothing of the environment but this one's place.
 */
const pipWithoutBytecode = [
  "printf '[install]\\ncompile = no\\n' >\"$SAGE_BUILD_DIR/pip.conf\"",
  'export PIP_CONFIG_FILE="$SAGE_BUILD_DIR/pip.conf"',
].join("\n");

/** Those into which nothing was put are not part of the package. */
const withoutEmptyFolders = `rmdir ${configuredFolders} 2>/dev/null || :`;

/** When and on which kernel a package was built is not a part of it: the same build gives the same stamp. */
function sameEveryTime(stamp: string): string {
  return [
    "sed -i \\",
    `  -e 's/^    "install_date": .*/    "install_date": "'"$(LC_ALL=C date -u -d "@$SOURCE_DATE_EPOCH")"'",/' \\`,
    `  -e 's/^    "system_uname": .*/    "system_uname": "'"$(uname -s -m)"'",/' \\`,
    `  ${shellWord(stamp)}`,
    "",
  ].join("\n");
}
