/** What can be done about a kind of failure, where no more is known than its kind. */
import type { FailureKind, Missing, ProvidedKind } from "./explanation.ts";

type Cures = Readonly<Partial<Record<FailureKind, string>>>;

const cures: Cures = {
  "disk-full":
    "Free some space on the disk of the store, or choose another disk with workspace.store.",
  network: "Declare what it downloads as a source, or turn the download off.",
  "not-found": "Declare what it downloads as a source, from an address that has it.",
  "out-of-memory": "Try fewer jobs with -j, or give the machine more memory.",
  killed: "Perhaps there was too little memory: try fewer jobs with -j.",
  checksum: "Compare the file with what its makers publish, then correct the checksum.",
  "bad-archive": "Look at the file: an error page is often saved under an archive's name.",
  patch: "Renew the patch for this version, or take it out of the recipe.",
  "missing-package": "Add a package that provides it to depends.run or depends.build.",
  "missing-module": "Add a package that provides it to depends.build.",
  "missing-crate": "A build has no network: vendor the crates into the source.",
  "python-requirement": "Add what is required to depends.build, in a version that fits.",
  permission:
    'Have it install below "$DESTDIR$PREFIX", and keep its own files in SOURCE_DIR, TMPDIR or HOME: a build can write nowhere else.',
};

/** Where the network was to be used, by pip. */
const onlineCures: Cures = {
  ...cures,
  network: "Try again when the network is there; `pip config list` says where pip looks.",
  "not-found": "Correct the requirement, or where pip looks, which `pip config list` says.",
  "python-requirement":
    "Correct the requirement, or where pip looks, which `pip config list` says.",
};

export function cureFor(kind: FailureKind, isOnline = false): string | undefined {
  return (isOnline ? onlineCures : cures)[kind];
}

const elsewhere: Cures = {
  "disk-full": "Make room on the disk.",
  network: "Try again when the network, and the server that it asks, can be reached.",
  "out-of-memory": cures["out-of-memory"] ?? "",
  killed: cures.killed ?? "",
  checksum: cures.checksum ?? "",
  "bad-archive": cures["bad-archive"] ?? "",
};

const waysToGet: Readonly<Record<ProvidedKind, (name: string) => string>> = {
  header: (name) =>
    `Install the development package that has ${name}: on Debian and Ubuntu, \`apt-file search ${name}\` names it.`,
  library: (name) =>
    `Install the development package that has lib${name}.so: on Debian and Ubuntu, \`apt-file search lib${name}.so\` names it.`,
  module: (name) => `Install the Python project that has ${name}, or declare it as required.`,
  program: (name) => `Install ${name} with the system's package manager, or correct PATH.`,
  pkgconfig: (name) =>
    `Install the development package that has ${name}.pc, or name its folder in PKG_CONFIG_PATH.`,
  "cmake-package": (name) =>
    `Install the development package of ${name}, or name its prefix in CMAKE_PREFIX_PATH.`,
  distribution: (name) => `Install ${name} with pip or uv, or declare it as required.`,
};

/** What can be done where tenon does not run the build. */
export function cureElsewhere(kind: FailureKind, missing: readonly Missing[]): string | undefined {
  const [first] = missing;
  return first === undefined ? elsewhere[kind] : waysToGet[first.kind](first.name);
}
