/** Finding out, by trying, how far this machine lets a build be kept apart. */
import { TenonError, unreachable } from "../core/index.ts";
import { exists, makeDirectories, readTextIfAny, removeTree, type World } from "../world/index.ts";
import { systemPath } from "./environment.ts";
import type { Isolation } from "./job.ts";
import { skeletonName, workFolders } from "./places.ts";
import { findProgram } from "./programs.ts";
import { refusalIn, viewCommand } from "./view-command.ts";

type View = Isolation & { kind: "view" };

export interface ProbeOptions {
  /** Where it is missing, another folder stands in for it: a probe leaves nothing behind. */
  readonly prefix: string;
  /** An existing folder where builds will have theirs; nothing stays in it. */
  readonly scratch: string;
  readonly wanted: "auto" | "view" | "none";
}

/** Throws a TenonError of kind `machine` when a view is wanted and cannot be had. */
export async function probeIsolation(world: World, options: ProbeOptions): Promise<Isolation> {
  if (options.wanted === "none") return { kind: "none", reason: "it was asked for" };
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

/** The first kind of view that works, or why none does. */
async function findView(world: World, options: ProbeOptions): Promise<View | string> {
  const missing = ["unshare", "mount"].find((name) => !find(world, name));
  if (missing !== undefined) return `the program ${missing} of util-linux is not installed`;
  const overlays = find(world, "fuse-overlayfs")
    ? (["kernel", "fuse"] as const)
    : ["kernel" as const];
  let reason: string | undefined;
  for (const userNamespace of world.machine.userId === 0 ? [false, true] : [true]) {
    for (const overlay of overlays) {
      const view: View = { kind: "view", userNamespace, overlay };
      const refusal = await tryView(world, options, view);
      if (refusal === undefined) return view;
      // Overlays that were refused say more than namespaces that were.
      if (reason === undefined || refusal.part === "overlay") reason = refusal.reason;
    }
  }
  return reason ?? "the kernel refuses it";
}

interface Refusal {
  readonly part: "namespaces" | "overlay" | "identity";
  readonly reason: string;
}

/** Mounts an overlay at the prefix, removes a file of its lower layer in it and makes another. */
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
  const workInside = `${prefix}/${workFolders}/probe`;
  const command = viewCommand(
    {
      isolation,
      scratch,
      prefix,
      workInside,
      layerNames: [skeletonName],
      upper: "upper",
      overlayWork: "overlay",
    },
    {
      argv: ["sh", "-c", 'rm "$1/lower" && : >"$1/new"', "probe", prefix],
      directory: workInside,
      environment: { PATH: systemPath.join(":") },
    },
    { machine: world.machine, guard: undefined },
  );
  try {
    const { outcome, stderr } = await world.processes.capture(command);
    const worked =
      outcome.kind === "exited" &&
      outcome.code === 0 &&
      disk.status(`${scratch}/upper/new`) !== undefined;
    if (worked) return undefined;
    const started = disk.status(`${scratch}/started`) !== undefined;
    return explain(world, { isolation, scratch: options.scratch, started, said: stderr });
  } finally {
    removeTree(disk, scratch);
  }
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
      const fileSystem = fileSystemOf(world, scratch);
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

/** The type of the file system that holds a path; the format is that of proc(5), mountinfo. */
function fileSystemOf(world: World, path: string): string {
  const real = world.disk.realPath(path);
  let found = { mountPoint: "", type: "an unknown file system" };
  for (const line of (readTextIfAny(world.disk, "/proc/self/mountinfo") ?? "").split("\n")) {
    const [front = "", back = ""] = line.split(" - ");
    const mountPoint = (front.split(" ")[4] ?? "").replace(/\\([0-7]{3})/g, (_whole, digits) =>
      String.fromCharCode(Number.parseInt(String(digits), 8)),
    );
    const holds = mountPoint === "/" || real === mountPoint || real.startsWith(`${mountPoint}/`);
    if (mountPoint === "" || !holds || mountPoint.length < found.mountPoint.length) continue;
    found = { mountPoint, type: back.split(" ")[0] ?? "" };
  }
  return found.type;
}

function find(world: World, name: string): boolean {
  return findProgram(world.disk, name, systemPath) !== undefined;
}
