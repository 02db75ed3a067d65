/** `tenon install`: a staged tree of any build system, or wheels, join the prefix. */
import { digestOfManifest, longestName, summarize, TenonError } from "../core/index.ts";
import type { Conflict, Incoming } from "../install/index.ts";
import type { PrefixLayout } from "../prefix/index.ts";
import { isPackageName, packageNameRule } from "../recipe/index.ts";
import { sealStage } from "../stage/index.ts";
import { exists, isDiskError, removeTree, type World } from "../world/index.ts";
import { changeAndTell } from "./change-and-tell.ts";
import { checkStagePlace, emptyStage, type StagePlace } from "./stage-place.ts";
import type { UnmetRequirement } from "../distributions/index.ts";
import type { Teller } from "./transaction-events.ts";

export type InstallResult =
  | {
      readonly kind: "installed";
      readonly packages: readonly InstalledVersion[];
      /** What Python distributions need and have not; absent for a staged tree. */
      readonly unmet?: readonly UnmetRequirement[];
    }
  | { readonly kind: "conflict"; readonly conflicts: readonly Conflict[] };

export interface InstalledVersion {
  readonly name: string;
  readonly version: string;
}

export interface InstallStageOptions extends Teller, StagePlace {
  readonly name: string;
  readonly version: string;
  /** Copy, and leave the stage where it is. */
  readonly keepStage: boolean;
  readonly allowSetuid: boolean;
  /** A package without files is meant. */
  readonly allowEmpty: boolean;
  /** Paths that it may take over from another package. */
  readonly replaces: readonly string[];
}

/**
 * A refused or failed install leaves the stage as it was; after a kill, the next command gives it
 * back. A stage that is handed over is moved where that can be, and else hard linked or copied and
 * removed afterwards.
 */
export async function installStage(
  world: World,
  layout: PrefixLayout,
  options: InstallStageOptions,
): Promise<InstallResult> {
  const { name, version, stage, keepStage, allowSetuid, allowEmpty, replaces } = options;
  if (!exists(world.disk, stage) && exists(world.disk, layout.transactions)) {
    // A killed install may have it.
    await changeAndTell(world, layout, { add: [], remove: [] }, options);
  }
  checkName(options);
  checkStagePlace(world.disk, layout, options);
  const rules = { package: name, drop: [], allowSetuid, readOnly: true };
  const inode = world.disk.status(stage)?.inode;
  const { manifest, isPlain, hasAttributes, capable } = sealStage(world.disk, stage, rules);
  if (!allowEmpty && summarize(manifest).files === 0) throw emptyStage(stage);
  const incoming: Incoming = {
    name,
    version,
    artifact: digestOfManifest(manifest),
    manifest,
    tree: stage,
    // A copy leaves attributes behind.
    transfer: keepStage || hasAttributes ? "copy" : isPlain ? "move" : "link",
    ...(capable.length === 0 ? {} : { capable: new Set(capable) }),
    depends: [],
    takesOver: replaces,
  };
  const outcome = await changeAndTell(world, layout, { add: [incoming], remove: [] }, options);
  if (outcome.kind === "conflict") return outcome;
  // Another build may have made a new stage at this place by now.
  if (!keepStage && world.disk.status(stage)?.inode === inode) removeStage(world, options);
  return { kind: "installed", packages: [{ name, version }] };
}

function checkName({ name, version }: InstallStageOptions): void {
  if (!isPackageName(name))
    throw wrong(`the name ${JSON.stringify(name)} is not ${packageNameRule}`);
  if (version.trim() === "" || /[\p{Cc}]/u.test(version))
    throw wrong(`${JSON.stringify(version)} is no version`);
  if (version.length > longestName)
    throw wrong(
      `a version of ${version.length} characters is too long: ${longestName} are allowed`,
    );
}

function removeStage(world: World, { stage, emit }: InstallStageOptions): void {
  try {
    removeTree(world.disk, stage);
  } catch (error) {
    if (!isDiskError(error)) throw error;
    emit({ kind: "note", text: `the stage ${stage} could not be removed: ${error.message}` });
  }
}

function wrong(message: string): TenonError {
  return new TenonError({ kind: "usage", code: "WRONG_INSTALL", message });
}
