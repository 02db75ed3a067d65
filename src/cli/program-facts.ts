/** What the program says of itself as a whole, for man(1) and docs/reference/codes-and-variables.md. */

type Row = readonly [name: string, text: string];

/** Variables of the caller's environment that tenon reads. */
export const environment: readonly Row[] = [
  ["TENON_STORE", "The folder of the store, instead of ~/.cache/tenon."],
  [
    "TENON_WRITABLE",
    "Folders that builds may write to besides their own, with colons between them.",
  ],
  ["TENON_PREFIX, VIRTUAL_ENV", "The activated prefix: what is meant where there is no workspace."],
  ["XDG_CACHE_HOME, HOME", "Where the store is when TENON_STORE is not set."],
  ["XDG_CONFIG_HOME", "Where tenon/config.toml and tenon/keys are, instead of ~/.config."],
  [
    "TENON_KEY",
    "The secret key with which `tenon push` and `tenon bundle --sage` sign, or the file that has it.",
  ],
  ["TENON_CACHE_TOKEN", "The bearer token for a shared cache on the network."],
  ["PATH", "Where Python, the compiler, uv and other programs are found."],
  ["MAKEFLAGS", "The job server of the make that started tenon, whose jobs tenon then shares."],
  ["SHELL", "The shell that `tenon run` opens when no command is given."],
  ["NO_COLOR, FORCE_COLOR", "Whether text is coloured."],
  ["TERM", "Whether the terminal can show the live view; `dumb` cannot."],
];

export const exitStatus: readonly Row[] = [
  ["0", "Done."],
  ["1", "A build or a check failed, a source could not be had, or verify found differences."],
  ["2", "The command line, a recipe or another file of the workspace is wrong."],
  ["3", "Packages conflict: the prefix is unchanged."],
  ["4", "The machine refuses: no space, no permission, no namespaces."],
  ["70", "tenon itself has a defect."],
  ["130", "Interrupted."],
];
