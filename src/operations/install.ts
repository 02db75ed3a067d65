/** `tenon install`: a staged tree of any build system, or wheels, join the prefix. */
import { digestOfManifest, longestName, summarize, TenonError } from "../core/index.ts";
import type { Incoming } from "../install/index.ts";
import { readRecord } from "../prefix/index.ts";
import { isPackageName, packageNameRule } from "../recipe/index.ts";
import { sealStage } from "../stage/index.ts";
import { exists, isDiskError, removeTree, type World } from "../world/index.ts";
import { type ConflictCures, installCures } from "./conflict-cures.ts";
import type { InstallResult, InstalledVersion } from "./installed.ts";
import { type Ended, type OpenPrefix, operate } from "./operate.ts";
import { underLock } from "./under-lock.ts";
import { checkStagePlace, emptyStage } from "./stage-place.ts";

export interface InstallStageOptions {
  /** As the person wrote it, absolute. */
  readonly stage: string;
  readonly name: string;
  readonly version: string;
  /** Copy, and leave the stage where it is. */
  readonly keepStage: boolean;
  readonly allowSetuid: boolean;
  /** A package without files is meant. */
  readonly allowEmpty: boolean;
  /** Paths that it may take over from another package. */
  readonly replaces: readonly string[];
  /** Installed packages that it needs at run time, so that they are not removed. */
  readonly depends?: readonly string[];
  /** What is nobody's at its paths becomes its own; what differs is kept as `NAME.tenon-save`. */
  readonly adopt?: boolean;
}

/**
 * A refused or failed install leaves the stage as it was; after a kill, the next command gives it
 * back. A stage that is handed over is moved where that can be, and else hard linked or copied and
 * removed afterwards.
 */
export async function installStage(
  prefix: OpenPrefix,
  options: InstallStageOptions,
): Promise<Ended<InstallResult>> {
  const { world, layout } = prefix;
  const { name, version, stage, keepStage, allowEmpty, replaces } = options;
  const { depends = [], adopt = false } = options;
  if (!exists(world.disk, stage) && exists(world.disk, layout.transactions)) {
    if (!prefix.dryRun) await underLock(prefix, () => {}); // a killed install may have it
  }
  checkName(options);
  const mustHold = (): void => requireInstalled(prefix, depends);
  mustHold();
  checkStagePlace(prefix, stage);
  const inode = world.disk.status(stage)?.inode;
  const sealed = seal(world, options);
  if (!allowEmpty && summarize(sealed.manifest).files === 0) throw emptyStage(stage);
  return operate(prefix, {
    change: {
      add: [{ name, version, tree: stage, ...sealed, depends, takesOver: replaces }],
      remove: [],
      takeForeign: adopt,
    },
    mustHold,
    cures: stageCures,
    result: () => ({ kind: "installed", packages: [{ name, version }] }),
    afterwards: () => {
      // Another build may have made a new stage at this place by now.
      if (!keepStage && world.disk.status(stage)?.inode === inode) removeStage(prefix, stage);
    },
  });
}

const stageCures: ConflictCures = {
  ...installCures,
  foreign: [
    "If these files are an earlier installation of this package, add --adopt: equal files stay, and files that differ are kept as NAME.tenon-save.",
    "Otherwise move the files away.",
  ],
};

/** What a package is to need must be there: a name that is not is a slip of the pen. */
export function requireInstalled(
  { world, layout }: OpenPrefix,
  depends: readonly string[],
  together: readonly string[] = [],
): void {
  const missing = depends.find(
    (name) => !together.includes(name) && readRecord(world.disk, layout, name) === undefined,
  );
  if (missing === undefined) return;
  throw wrong(`--depends names ${missing}, which is not in ${layout.prefix}`, [
    "Install it first: `tenon list` prints what is there.",
  ]);
}

type Sealed = Pick<Incoming, "artifact" | "manifest" | "transfer" | "capable">;

function seal(
  { disk }: World,
  { name, stage, keepStage, allowSetuid }: InstallStageOptions,
): Sealed {
  const rules = { package: name, drop: [], allowSetuid, readOnly: true };
  const { manifest, isPlain, hasAttributes, capable } = sealStage(disk, stage, rules);
  return {
    artifact: digestOfManifest(manifest),
    manifest,
    // A copy leaves attributes behind.
    transfer: keepStage || hasAttributes ? "copy" : isPlain ? "move" : "link",
    ...(capable.length === 0 ? {} : { capable: new Set(capable) }),
  };
}

export function checkName({ name, version }: InstalledVersion): void {
  if (!isPackageName(name))
    throw wrong(`the name ${JSON.stringify(name)} is not ${packageNameRule}`);
  if (version.trim() === "" || /[\p{Cc}]/u.test(version))
    throw wrong(`${JSON.stringify(version)} is not a valid version`);
  if (version.length > longestName)
    throw wrong(
      `a version of ${version.length} characters is too long: ${longestName} are allowed`,
    );
}

function removeStage({ world, emit }: OpenPrefix, stage: string): void {
  try {
    removeTree(world.disk, stage);
  } catch (error) {
    if (!isDiskError(error)) throw error;
    emit({ kind: "note", text: `the stage ${stage} could not be removed: ${error.message}` });
  }
}

function wrong(message: string, hints: readonly string[] = []): TenonError {
  return new TenonError({ kind: "usage", code: "WRONG_INSTALL", message, hints });
}
