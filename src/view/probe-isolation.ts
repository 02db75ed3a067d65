/** Finding out, by trying, how far this machine lets a build be kept apart. */
import { isWithin, TenonError, unreachable } from "../core/index.ts";
import {
  type Disk,
  exists,
  fileSystemOf,
  makeDirectories,
  reachableMounts,
  readMounts,
  removeTree,
  type World,
} from "../world/index.ts";
import type { Isolation } from "./isolation.ts";
import { findSystemProgram, systemPath } from "./programs.ts";
import { buildFolder, skeletonName, workFolders } from "./work-places.ts";
import { refusalIn, viewCommand } from "./view-command.ts";

type View = Isolation & { kind: "view" };

interface ProbeOptions {
  /** Where it is missing, another folder stands in for it: a probe leaves nothing behind. */
  readonly prefix: string;
  /** An existing folder where builds will have theirs; nothing stays in it. */
  readonly scratch: string;
  readonly wanted: "auto" | "view" | "none";
}

/** Throws a TenonError of kind `machine` when a view is wanted and cannot be had. */
export async function probeIsolation(world: World, options: ProbeOptions): Promise<Isolation> {
  if (options.wanted === "none") return { kind: "none", reason: "--isolation none was given" };
  const probed = await findView(world, options);
  if (typeof probed !== "string") return probed;
  if (options.wanted === "auto") return { kind: "none", reason: probed };
  throw new TenonError({
    kind: "machine",
    code: "VIEW_REFUSED",
    message: `builds cannot have a view of their own here: ${probed}`,
    hints: ["Use --isolation none to build against the live prefix."],
  });
}

/** The best kind of view that works, or why none does. */
async function findView(world: World, options: ProbeOptions): Promise<View | string> {
  const missing = ["unshare", "mount"].find((name) => !find(world, name));
  if (missing !== undefined) return `the program ${missing} of util-linux is not installed`;
  let lacks: string | undefined;
  let reason: string | undefined;
  for (const view of kindsOf(world)) {
    const refusal = view.root && cannotRoot(world, view);
    const refused = refusal || (await tryView(world, options, view));
    if (refused === undefined) return lacks === undefined ? view : { ...view, lacks };
    if (view.root) lacks ??= refused.reason;
    // Overlays that were refused say more than namespaces that were.
    else if (reason === undefined || refused.part === "overlay") reason = refused.reason;
  }
  return reason ?? "the kernel refuses it";
}

/** A root of its own counts more than the ids of real root, and the kernel's overlay more than fuse's. */
function kindsOf(world: World): View[] {
  const overlays = find(world, "fuse-overlayfs")
    ? (["kernel", "fuse"] as const)
    : ["kernel" as const];
  const userNamespaces = world.machine.userId === 0 ? [false, true] : [true];
  return [true, false].flatMap((root) =>
    userNamespaces.flatMap((userNamespace) =>
      overlays.map((overlay) => ({ kind: "view" as const, userNamespace, overlay, root })),
    ),
  );
}

function cannotRoot(world: World, { userNamespace }: View): Refusal | undefined {
  const needed = ["chroot", "pivot_root", "umount", ...(userNamespace ? [] : ["setpriv"])];
  const missing = needed.find((name) => !find(world, name));
  if (missing === undefined) return undefined;
  return { part: "root", reason: `the program ${missing} is not installed` };
}

interface Refusal {
  readonly part: "namespaces" | "overlay" | "identity" | "root";
  readonly reason: string;
}

const trial = 'rm "$1/lower" && : >"$1/new" && cat /proc/self/mountinfo';

/** Mounts all, removes a file of the overlay's lower layer, makes another, and looks at what is mounted. */
async function tryView(
  world: World,
  options: ProbeOptions,
  isolation: View,
): Promise<Refusal | undefined> {
  const { disk } = world;
  const scratch = `${options.scratch}/probe-${world.clock.uniqueId()}`;
  const prefix = exists(disk, options.prefix) ? options.prefix : `${scratch}/prefix`;
  const skeleton = `${scratch}/layers/${skeletonName}`;
  const folders = [
    "upper",
    "overlay",
    "work",
    "prefix",
    `layers/${skeletonName}/${workFolders}/probe`,
  ];
  for (const folder of folders) makeDirectories(disk, `${scratch}/${folder}`);
  disk.createFile(`${skeleton}/lower`, "");
  const workInside = `${isolation.root ? buildFolder : `${prefix}/${workFolders}`}/probe`;
  const command = viewCommand(
    world,
    {
      isolation,
      scratch,
      prefix,
      workInside,
      layerNames: [skeletonName],
      upper: "upper",
      overlayWork: "overlay",
      sights: { hidden: [], shown: [], guarded: [], writable: [] },
    },
    {
      argv: ["sh", "-c", trial, "probe", prefix],
      directory: workInside,
      environment: { PATH: systemPath.join(":") },
    },
  );
  try {
    const { outcome, stdout, stderr } = await world.processes.capture(command);
    const worked =
      outcome.kind === "exited" &&
      outcome.code === 0 &&
      disk.status(`${scratch}/upper/new`) !== undefined;
    if (worked) return isolation.root ? rootDefect(disk, prefix, stdout) : undefined;
    const started = disk.status(`${scratch}/started`) !== undefined;
    return explain(world, { isolation, scratch: options.scratch, started, said: stderr });
  } finally {
    removeTree(disk, scratch);
  }
}

/** Where a build may write: what is there is its own. */
const ownPlaces = [
  "/tmp",
  "/var/tmp",
  "/run",
  "/var/run",
  "/proc",
  "/dev/pts",
  "/dev/shm",
  buildFolder,
];

/** What keeps a root from being safe, after all was mounted; undefined when it is. */
function rootDefect(disk: Disk, prefix: string, told: string): Refusal | undefined {
  const own = [...ownPlaces, disk.realPath(prefix), prefix];
  const open = reachableMounts(readMounts(told)).find(
    ({ place, options }) => /^rw\b/.test(options) && !own.some((folder) => isWithin(place, folder)),
  );
  return open && { part: "root", reason: `${open.place} cannot be made read-only` };
}

interface Refused {
  readonly isolation: View;
  readonly scratch: string;
  /** Whether everything was mounted. */
  readonly started: boolean;
  readonly said: string;
}

function explain(world: World, refused: Refused): Refusal {
  const { isolation, scratch, started } = refused;
  const said = refusalIn(refused.said);
  if (isolation.root) return { part: "root", reason: said };
  const part = started
    ? "identity"
    : /^(mount|fuse-overlayfs|fuse):/m.test(refused.said)
      ? "overlay"
      : "namespaces";
  switch (part) {
    case "identity":
      return { part, reason: `a view can be mounted but not be used (${said})` };
    case "namespaces": {
      const what = isolation.userNamespace ? "user namespaces" : "namespaces";
      return { part, reason: `the kernel or a security policy refuses ${what} (${said})` };
    }
    case "overlay": {
      const fileSystem = fileSystemOf(world.disk, scratch) ?? "an unknown file system";
      const reason =
        fileSystem === "overlay"
          ? `the kernel refuses an overlay because the store is itself on overlayfs (${scratch})`
          : `the kernel refuses an overlay with its upper layer on ${fileSystem} (${said})`;
      return { part, reason };
    }
    default:
      return unreachable(part);
  }
}

function find(world: World, name: string): boolean {
  return findSystemProgram(world.disk, name) !== undefined;
}
