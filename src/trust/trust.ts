/**
 * Whose folders are believed (I15). What is in a prefix, a workspace or a store says which files are
 * moved and which programs are run. So tenon takes it from the caller and from root, who can do all
 * anyway, and refuses it from anybody else, for root as well. A person can trust a folder of others:
 * with `--trust`, or for good in a configuration. (git does the same, by `safe.directory`.)
 */
import { isWithin, typedWord, TenonError } from "../core/index.ts";
import { checkStateFolders, type Guard, layoutOf, type PrefixLayout } from "../prefix/index.ts";
import { type Configuration, readConfiguration } from "../recipe/index.ts";
import { openStore, type Store, storeFolders, type StoreOptions } from "../store/index.ts";
import { exists, isDiskError, type World } from "../world/index.ts";

export interface TrustOptions {
  /** Folders of others that are believed, with all that is below; absolute. */
  readonly trust?: readonly string[];
  /** The caller's, which says where the configuration is, and who called sudo. */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Throws for what neither the caller nor root could alone have written, unless `folder` is trusted. In
 * `folder` itself everybody may write: whose each thing in it is, is looked at.
 */
export function guardOf(world: World, options: TrustOptions, folder: string): Guard {
  const owners = trustedOwners(world, options);
  let isTrusted: boolean | undefined;
  return (path, { ownerId, mode }) => {
    const isOwn = owners.has(ownerId);
    if (isOwn && (path === folder || !isOpenToAll(mode))) return;
    isTrusted ??= isTrustedFolder(world, options, folder);
    if (!isTrusted) throw isOwn ? openToAll(path, folder) : foreign(world, path, folder, ownerId);
  };
}

/**
 * The guard of a workspace goes by owners alone, as git and make do: on some file systems, and in many
 * containers, everybody may write in whatever there is.
 */
export function workspaceGuard(world: World, options: TrustOptions, folder: string): Guard {
  const guard = guardOf(world, options, folder);
  return (path, { ownerId }) => guard(path, { ownerId, mode: 0 });
}

/**
 * Throws for programs that a workspace's file would have run outside of views, unless the person trusts
 * its folder: who has cloned it may never have read that file. (direnv and mise ask so, too.)
 */
export function requireTrustedPrograms(
  world: World,
  options: TrustOptions,
  { folder, programs }: { folder: string; programs: string },
): void {
  if (isTrustedFolder(world, options, folder)) return;
  throw new TenonError({
    kind: "machine",
    code: "UNTRUSTED_PROGRAM",
    message: `[execution] of ${folder}/tenon.toml would have ${programs} run outside of views, and you have not said that you trust this workspace`,
    hints: [
      `If you trust it, run the command with \`--trust ${typedWord(folder)}\`; or build all of it here: \`tenon build --local\`.`,
      ...waysToTrust(folder).slice(1),
    ],
  });
}

/** For folders that are not read by a guarded reader. What is missing does no harm. */
export function requireTrusted(world: World, guard: Guard, paths: readonly string[]): void {
  for (const path of paths) {
    const status = world.disk.statusOfTarget(path);
    if (status !== undefined) guard(path, status);
  }
}

export function openPrefixLayout(
  world: World,
  options: TrustOptions,
  prefix: string,
): PrefixLayout {
  if (prefix === "/") throw isWholeMachine();
  const layout = layoutOf(prefix, guardOf(world, options, prefix));
  checkStateFolders(world.disk, layout);
  return layout;
}

/** Another package manager owns what is there. */
function isWholeMachine(): TenonError {
  return new TenonError({
    kind: "usage",
    code: "PREFIX_IS_ROOT",
    message: "the prefix is /, the root of the whole machine, and tenon installs nothing there",
    hints: ["Name a folder for it, such as /usr/local or /opt/stack."],
  });
}

export function openTrustedStore(
  world: World,
  options: TrustOptions,
  root: string | undefined,
  storeOptions: StoreOptions,
): Store {
  if (root !== undefined) requireTrustedStore(world, options, root);
  return openStore(world, root, storeOptions);
}

export function requireTrustedStore(world: World, options: TrustOptions, root: string): void {
  requireTrusted(world, guardOf(world, options, root), [root, ...storeFolders(root)]);
}

/** For sudo, the folders of who called it are his own. */
function trustedOwners({ machine }: World, { environment }: TrustOptions): Set<number> {
  const owners = new Set([machine.userId, 0]);
  const caller = environment?.["SUDO_UID"];
  if (machine.userId === 0 && caller !== undefined && /^\d{1,10}$/.test(caller)) {
    owners.add(Number(caller));
  }
  return owners;
}

/** In a folder with the sticky bit, everybody has files of his own only. */
function isOpenToAll(mode: number): boolean {
  return (mode & 0o002) !== 0 && (mode & 0o1000) === 0;
}

function isTrustedFolder(world: World, options: TrustOptions, folder: string): boolean {
  const real = realPathOf(world, folder);
  const holds = (trusted: string): boolean =>
    trusted === "/" || isWithin(real, realPathOf(world, trusted));
  return (options.trust ?? []).some(holds) || configuredTrust(world, options).some(holds);
}

function realPathOf({ disk }: World, path: string): string {
  return exists(disk, path) ? disk.realPath(path) : path;
}

const configurationLimitBytes = 1 << 16;

/** Only read when there is somebody to be trusted. */
function configuredTrust(world: World, options: TrustOptions): string[] {
  return readConfigurations(world, options).flatMap(({ trust }) => trust);
}

/** The caller's own first, then the machine's. */
export function readConfigurations(world: World, options: TrustOptions): Configuration[] {
  return configurationFiles(options).flatMap((file) => {
    try {
      const { content, ...status } = world.disk.readPlainFile(
        realPathOf(world, file),
        configurationLimitBytes,
      );
      const isOwn = trustedOwners(world, options).has(status.ownerId);
      if (!isOwn) throw foreign(world, file, file, status.ownerId);
      if (isOpenToAll(status.mode)) throw openToAll(file, file);
      return [readConfiguration(file, content)];
    } catch (error) {
      if (isDiskError(error, "ENOENT", "ENOTDIR", "EACCES")) return [];
      throw error;
    }
  });
}

function configurationFiles({ environment = {} }: TrustOptions): string[] {
  const own = ownConfigurationFile(environment);
  return [...(own === undefined ? [] : [own]), "/etc/tenon/config.toml"];
}

function ownConfigurationFile(environment: Readonly<Record<string, string>>): string | undefined {
  const { XDG_CONFIG_HOME: folder, HOME: home } = environment;
  if (folder?.startsWith("/")) return `${folder}/tenon/config.toml`;
  return home?.startsWith("/") ? `${home}/.config/tenon/config.toml` : undefined;
}

function foreign(world: World, path: string, folder: string, ownerId: number): TenonError {
  const nameOf = (id: number): string => world.machine.userName(id) ?? `user ${id}`;
  return new TenonError({
    kind: "machine",
    code: "OWNED_BY_ANOTHER",
    message: `${path} belongs to ${nameOf(ownerId)}, not to ${nameOf(world.machine.userId)}, who runs tenon: tenon does not trust it`,
    hints: waysToTrust(folder),
  });
}

function openToAll(path: string, folder: string): TenonError {
  return new TenonError({
    kind: "machine",
    code: "WRITABLE_BY_OTHERS",
    message: `everybody may write in ${path}: tenon does not trust it`,
    hints: [
      `\`chmod o-w ${typedWord(path)}\` ends that, once you know that nobody has used it.`,
      ...waysToTrust(folder),
    ],
  });
}

function waysToTrust(folder: string): string[] {
  return [
    `If you trust all who can write there, run the command with \`--trust ${typedWord(folder)}\`.`,
    `For good: \`trust = [${JSON.stringify(folder)}]\` in ~/.config/tenon/config.toml or /etc/tenon/config.toml.`,
  ];
}
