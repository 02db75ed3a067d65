/** Finding out what a machine allows. What is tried is tried in the store's scratch folder, and nothing stays there. */
import { parentOf, TenonError } from "../core/index.ts";
import { openTrustedStore } from "../trust/index.ts";
import { findSystemProgram, probeIsolation, systemPath } from "../view/index.ts";
import { readMakeFlags } from "../tokens/index.ts";
import { locatePrefix, locateStore, type SessionOptions } from "../workspace/index.ts";
import { exists, fileSystemOf, hasRenameFlags, readTextIfAny, type World } from "../world/index.ts";
import type { MachineState, NamespaceSettings, PlaceFacts, Problem } from "./facts.ts";
import { neededPrograms } from "./programs.ts";

export type LookOptions = SessionOptions & Pick<MachineState, "versions">;

/** Looks at the machine, the store and the prefix. What cannot be used is a fact as well, and not an error. */
export async function look(world: World, options: LookOptions): Promise<MachineState> {
  const { machine } = world;
  const kernel = readTextIfAny(world.disk, "/proc/sys/kernel/osrelease")?.trim();
  const system = /^PRETTY_NAME="?([^"\n]*)/m.exec(
    readTextIfAny(world.disk, "/etc/os-release") ?? "",
  )?.[1];
  return {
    versions: options.versions,
    ...(system === undefined ? {} : { system }),
    ...(kernel === undefined ? {} : { kernel }),
    architecture: machine.architecture,
    isRoot: machine.userId === 0,
    processors: machine.processors,
    availableBytes: machine.memory().availableBytes,
    limits: limitsOf(world),
    namespaces: namespaceSettings(world),
    make: makeOf(world, options),
    missing: neededPrograms.filter((name) => !isThere(world, name)),
    ...(await placesOf(world, options)),
  };
}

type Places = Pick<MachineState, "store" | "prefix" | "together" | "isolation">;

async function placesOf(world: World, options: LookOptions): Promise<Places> {
  const prefix = await attempt(() => prefixPlace(world, options));
  const root = await attempt(() => ({ path: locateStore(world, options) }));
  const place = "problem" in root ? options.store : root.path; // what is wrong is said of the prefix
  const store = await attempt(() => openTrustedStore(world, options, place, { sync: false }));
  const looked = prefix && ("problem" in prefix ? prefix : await placeFacts(world, prefix.path));
  const seen = looked === undefined ? {} : { prefix: looked };
  if ("problem" in store) return { store, ...seen };
  const name = `doctor-${world.clock.uniqueId()}`;
  const scratch = store.makeScratch(name);
  try {
    const { root } = store.layout;
    const reflinks = await hasReflinks(world, scratch);
    const tried = { reflinks, renameFlags: hasRenameFlags(world.disk, scratch) };
    const where = looked === undefined || "problem" in looked ? undefined : looked.path;
    return {
      store: { ...(await placeFacts(world, root)), ...tried },
      ...seen,
      ...(where === undefined
        ? {}
        : { together: deviceOf(world, where) === deviceOf(world, root) }),
      isolation: await probeIsolation(world, {
        prefix: where ?? `${scratch}/prefix`,
        scratch,
        wanted: "auto",
      }),
    };
  } finally {
    store.removeScratch(name);
  }
}

const unnamed = new Set(["NO_WORKSPACE", "NO_PREFIX"]);

/** Undefined where the command was started outside of a workspace, and no prefix was named. */
async function prefixPlace(
  world: World,
  options: LookOptions,
): Promise<{ path: string } | undefined> {
  try {
    return { path: (await locatePrefix(world, options)).prefix };
  } catch (error) {
    if (error instanceof TenonError && unnamed.has(error.code)) return undefined;
    throw error;
  }
}

async function attempt<Value>(work: () => Value | Promise<Value>): Promise<Value | Problem> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof TenonError)) throw error;
    return { problem: error.lines[0] ?? "", cures: error.hints };
  }
}

/** A prefix that is not there yet will be on the file system of the folder that holds it. */
async function placeFacts(world: World, path: string): Promise<PlaceFacts> {
  const there = nearest(world, path);
  const fileSystem = fileSystemOf(world.disk, there);
  const freeBytes = await freeBytesOf(world, there);
  return {
    path,
    ...(fileSystem === undefined ? {} : { fileSystem }),
    ...(freeBytes === undefined ? {} : { freeBytes }),
    isWritable: world.disk.isWritable(there),
  };
}

function nearest(world: World, path: string): string {
  return path === "/" || exists(world.disk, path) ? path : nearest(world, parentOf(path));
}

function deviceOf(world: World, path: string): bigint | undefined {
  return world.disk.statusOfTarget(nearest(world, path))?.device;
}

const plain = { PATH: systemPath.join(":"), LC_ALL: "C" };

async function freeBytesOf(world: World, path: string): Promise<number | undefined> {
  const args = ["-Pk", "--", path];
  const { stdout } = await world.processes.capture({ program: "df", args, environment: plain });
  const kilobytes = /^\S.* (\d+) +\d+% /m.exec(stdout)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

async function hasReflinks(world: World, scratch: string): Promise<boolean> {
  world.disk.createFile(`${scratch}/reflink`, "x".repeat(4096));
  const args = ["--reflink=always", `${scratch}/reflink`, `${scratch}/reflinked`];
  const { outcome } = await world.processes.capture({ program: "cp", args, environment: plain });
  return outcome.kind === "exited" && outcome.code === 0;
}

function limitsOf({ disk }: World): MachineState["limits"] {
  const text = readTextIfAny(disk, "/proc/self/limits") ?? "";
  const limit = (name: string): number | undefined => {
    const found = new RegExp(`^Max ${name} +(\\d+) `, "m").exec(text)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const [openFiles, processes] = [limit("open files"), limit("processes")];
  return {
    ...(openFiles === undefined ? {} : { openFiles }),
    ...(processes === undefined ? {} : { processes }),
  };
}

function namespaceSettings({ disk }: World): NamespaceSettings {
  const setting = (name: string): number | undefined => {
    const text = readTextIfAny(disk, `/proc/sys/${name}`);
    return text === undefined ? undefined : Number(text);
  };
  const userLimit = setting("user/max_user_namespaces");
  const unprivileged = setting("kernel/unprivileged_userns_clone");
  const appArmor = setting("kernel/apparmor_restrict_unprivileged_userns");
  return {
    ...(userLimit === undefined ? {} : { userLimit }),
    ...(unprivileged === undefined ? {} : { unprivileged: unprivileged !== 0 }),
    ...(appArmor === undefined ? {} : { restrictedByAppArmor: appArmor !== 0 }),
  };
}

function makeOf(world: World, { environment }: LookOptions): MachineState["make"] {
  const { address } = readMakeFlags(environment["MAKEFLAGS"] ?? "");
  if (address === undefined) return "none";
  return world.processes.joinJobserver(address) === undefined ? "unreachable" : "reachable";
}

function isThere({ disk }: World, name: string): boolean {
  return findSystemProgram(disk, name) !== undefined;
}
