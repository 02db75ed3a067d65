/**
 * The command line that runs a program in a view: the prefix, made of the layers alone, in a root in
 * which nothing else can be written to but the build's own folders.
 *
 * setpriv asks the kernel to kill unshare when tenon dies; unshare, its child; and that child is the
 * first process of a pid namespace, with which all others in it die. So neither an abort nor
 * `kill -9` of tenon leaves a process of a build behind. The first process is a shell that mounts all
 * (`view/script.ts`). It works with relative names from the scratch folder's `layers` on, because a name in
 * a mount option must not hold a comma or a colon. It stays while the build runs, since the
 * first process must collect orphans.
 *
 * A user namespace gives the right to mount, but makes its user root; a nested one gives the build
 * the caller's own ids back, and takes the right to undo what was mounted. Real root keeps its ids,
 * and loses the capabilities to do so.
 */
import type { World } from "../world/index.ts";
import type { Isolation } from "./isolation.ts";
import { findSystemProgram, systemPath } from "./programs.ts";
import { noteMemory, noteTimes } from "./usage.ts";
import { rightsOf } from "./capabilities.ts";
import { makeRoot, type ViewSights } from "./make-root.ts";
import { viewScript } from "./script.ts";

export type Environment = Readonly<Record<string, string>>;

interface EnclosedProgram {
  readonly argv: readonly string[];
  /** As the build sees it. */
  readonly directory: string;
  readonly environment: Environment;
  /** With it, the program has the machine's network; see `BuildJob`. */
  readonly online?: Environment | undefined;
}

export interface ViewMount {
  readonly isolation: Isolation & { kind: "view" };
  /** Holds `layers` with the named layers, and the two folders below. */
  readonly scratch: string;
  /** Topmost first. */
  readonly layerNames: readonly string[];
  /** Names of folders in the scratch folder. */
  readonly upper: string;
  readonly overlayWork: string;
  readonly prefix: string;
  /** The place of the work folder in the view. */
  readonly workInside: string;
  /** For a view with a root of its own. */
  readonly sights: ViewSights;
}

export interface ProgramCall {
  readonly program: string;
  readonly args: readonly string[];
  readonly workingDirectory: string;
  readonly environment: Environment;
}

/** Makes what the view is mounted from, too. */
export function viewCommand(
  world: World,
  mount: ViewMount,
  enclosed: EnclosedProgram,
): ProgramCall {
  const { machine, disk } = world;
  const { isolation, scratch, prefix, workInside } = mount;
  const isRealRoot = !isolation.userNamespace;
  const made = isolation.root ? makeRoot(disk, { ...mount, isRealRoot }) : { root: "", prefix };
  return guarded(world, enclosed, `${scratch}/layers`, [
    "unshare",
    ...(isolation.userNamespace ? ["--user", "--map-root-user"] : []),
    "--mount",
    "--pid",
    ...(isolation.root ? ["--ipc"] : ["--mount-proc"]),
    ...(enclosed.online === undefined ? ["--net"] : []),
    "--fork",
    "--kill-child",
    "sh",
    "-c",
    viewScript + noteMemory(machine.architecture),
    "tenon-view",
    isolation.overlay,
    mount.layerNames.join(":"),
    mount.upper,
    mount.overlayWork,
    made.prefix,
    workInside,
    made.root,
    enclosed.online === undefined ? "loopback" : "",
    enclosed.directory,
    ...rightsOf(machine, isolation, findSetpriv(world)),
    ...withEnvironment(enclosed),
  ]);
}

/** The same without namespaces: only umask, folder and environment are set. */
export function plainCommand(
  world: World,
  scratch: string,
  enclosed: EnclosedProgram,
): ProgramCall {
  return guarded(world, enclosed, scratch, [
    "sh",
    "-c",
    plainScript + noteMemory(world.machine.architecture),
    "tenon-build",
    enclosed.directory,
    ...withEnvironment(enclosed),
  ]);
}

/** Without setpriv, a build can outlive a killed tenon. */
function guarded(
  world: World,
  { online }: Pick<EnclosedProgram, "online">,
  workingDirectory: string,
  argv: readonly string[],
): ProgramCall {
  const setpriv = findSetpriv(world);
  const [program = "sh", ...args] =
    setpriv === undefined ? argv : [setpriv, "--pdeathsig", "KILL", ...argv];
  const environment = { PATH: systemPath.join(":"), LANG: "C.UTF-8", ...online };
  return { program, args, workingDirectory, environment };
}

function findSetpriv({ disk }: Pick<World, "disk">): string | undefined {
  return findSystemProgram(disk, "setpriv");
}

/** The caller's settings may hold passwords, which no command line may show: they are inherited. */
function withEnvironment({ argv, environment, online }: EnclosedProgram): string[] {
  const settings = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  return ["env", ...(online === undefined ? ["-i"] : []), ...settings, ...argv];
}

/**
 * Without a pid namespace, what the program has started would outlive a killed tenon: setpriv speaks
 * for this shell only. The watcher reads from a pipe that nobody but this shell holds open; when the
 * shell is gone, it ends their process group. What leaves the group (setsid) escapes.
 */
const plainScript = `umask 022
watcher=
if rm -f alive && mkfifo alive && exec 3<>alive; then
  (read -r _; kill -KILL 0) <alive 3>&- &
  watcher=$!
fi
: >started
(
  cd "$1" || exit
  shift
  exec "$@"
) 3>&-
code=$?
usage=usage
${noteTimes}
[ -z "$watcher" ] || { kill "$watcher"; wait "$watcher"; } 2>/dev/null
`;

/** Of what was said while a view could not be made, the line that names the reason. */
export function refusalIn(said: string): string {
  const lines = said.trim().split("\n");
  const line = lines.findLast((one) =>
    /^(mount|unshare|fuse-overlayfs|fuse|setpriv|chroot|pivot_root): /.test(one),
  );
  return line ?? (lines.at(-1) || "it said nothing");
}
