/** The commands that need much; what they need is loaded when one is called. */
import type { PrefixLayout } from "../prefix/index.ts";
import type { World } from "../world/index.ts";
import type { BuildResult } from "./build-result.ts";
import type { BuildOptions } from "./planned-work.ts";
import type { FetchOptions, FetchResult, LockResult } from "./sources.ts";
import type { InstallResult, InstallStageOptions } from "./install.ts";
import type { InstallWheelsOptions } from "./install-wheels.ts";
import type { Verification } from "./queries.ts";
import type { ImportOptions, ImportResult } from "./import/import.ts";
import type { Repair, RepairOptions } from "./repair.ts";
import type { RollbackOptions, RollbackResult } from "./rollback.ts";
import type { SessionOptions } from "./session.ts";
import type { ShellOptions, ShellResult } from "./shell.ts";
import type { Explanation, WhyOptions } from "./why.ts";

/** Builds what is out of date, then changes the prefix in one transaction. */
export async function build(world: World, options: BuildOptions): Promise<BuildResult> {
  const { runBuild } = await import("./build.ts");
  return runBuild(world, options);
}

/** Lets a person into the place where a package is built. */
export async function openShell(world: World, options: ShellOptions): Promise<ShellResult> {
  const shell = await import("./shell.ts");
  return shell.openShell(world, options);
}

/** Gives up what failed builds have left for `openShell`; the names of their packages. */
export async function releaseFailed(
  world: World,
  options: Pick<SessionOptions, "directory" | "sage" | "store">,
): Promise<readonly string[]> {
  const { releaseAllKept } = await import("./kept.ts");
  return releaseAllKept(world, options);
}

/** Pins sources that have no digest yet. */
export async function lockSources(world: World, options: SessionOptions): Promise<LockResult> {
  const sources = await import("./sources.ts");
  return sources.lockSources(world, options);
}

/** Brings every source into the store. */
export async function fetchSources(world: World, options: FetchOptions): Promise<FetchResult> {
  const sources = await import("./sources.ts");
  return sources.fetchSources(world, options);
}

/** Writes recipes and pins for what a person wants of the Python package index. */
export async function importProjects(world: World, options: ImportOptions): Promise<ImportResult> {
  const room = await import("./import/import.ts");
  return room.importProjects(world, options);
}

/** Says for each package which of its inputs changed since it was last built here. */
export async function explainWhy(
  world: World,
  options: WhyOptions,
): Promise<readonly Explanation[]> {
  const why = await import("./why.ts");
  return why.explainWhy(world, options);
}

/** Joins a staged tree of any build system. */
export async function installStage(
  world: World,
  layout: PrefixLayout,
  options: InstallStageOptions,
): Promise<InstallResult> {
  const install = await import("./install.ts");
  return install.installStage(world, layout, options);
}

/** Joins wheels, all in one transaction. */
export async function installWheels(
  world: World,
  layout: PrefixLayout,
  options: InstallWheelsOptions,
): Promise<InstallResult> {
  const install = await import("./install-wheels.ts");
  return install.installWheels(world, layout, options);
}

/** Brings the prefix back to what it was before a transaction. */
export async function rollBack(
  world: World,
  layout: PrefixLayout,
  options: RollbackOptions,
): Promise<RollbackResult> {
  const rollback = await import("./rollback.ts");
  return rollback.rollBack(world, layout, options);
}

/** Puts back what `verify` found to differ, and removes stale bytecode. */
export async function repair(
  world: World,
  layout: PrefixLayout,
  found: Pick<Verification, "findings" | "stale">,
  options: RepairOptions,
): Promise<Repair> {
  const room = await import("./repair.ts");
  return room.repair(world, layout, found, options);
}
