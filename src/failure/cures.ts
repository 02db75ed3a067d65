/** What can be done about a kind of failure, where no more is known than its kind. */
import type { FailureKind } from "./explanation.ts";

type Cures = Readonly<Partial<Record<FailureKind, string>>>;

const cures: Cures = {
  "disk-full": "Make room where the store lies, or set workspace.store.",
  network: "Declare what it downloads as a source, or turn the download off.",
  "not-found": "Declare what it downloads as a source, from an address that has it.",
  "out-of-memory": "Try fewer jobs with -j, or give the machine more memory.",
  killed: "Perhaps for want of memory: try fewer jobs with -j.",
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
