/**
 * The command line that runs a program in a view: the prefix, made of the layers alone.
 *
 * setpriv asks the kernel to kill unshare when tenon dies; unshare, its child; and that child is the
 * first process of a pid namespace, with which all others in it die. So neither an abort nor
 * `kill -9` of tenon leaves a process of a build behind. The shell below is that first process: it
 * mounts the overlay at the prefix's real path, and the package's work folder at a constant path in
 * it. It works with relative names from the scratch folder's `layers` on, because the store may lie
 * below the prefix and be covered, and because a name in a mount option must not hold a comma or
 * a colon. It stays while the build runs, since the first process must collect orphans.
 *
 * A user namespace gives the right to mount, but makes its user root; a nested one gives the build
 * the caller's own ids back.
 */
import type { Machine } from "../world/index.ts";
import { type Environment, systemPath } from "./environment.ts";
import type { Isolation } from "./job.ts";
import { noteMemory, noteTimes } from "./usage.ts";

export interface EnclosedProgram {
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
}

export interface CommandLine {
  readonly program: string;
  readonly args: readonly string[];
  readonly workingDirectory: string;
  readonly environment: Environment;
}

/** `guard` is the path of setpriv, without which a build can outlive a killed tenon. */
export function viewCommand(
  mount: ViewMount,
  enclosed: EnclosedProgram,
  options: { machine: Machine; guard: string | undefined },
): CommandLine {
  const { isolation } = mount;
  const { userId, groupId } = options.machine;
  const dropRoot = isolation.userNamespace && userId !== 0;
  const unshare = [
    "unshare",
    ...(isolation.userNamespace ? ["--user", "--map-root-user"] : []),
    "--mount",
    "--pid",
    ...(enclosed.online === undefined ? ["--net"] : []),
    "--fork",
    "--kill-child",
    "--mount-proc",
  ];
  return guarded({ ...enclosed, ...options }, `${mount.scratch}/layers`, [
    ...unshare,
    "sh",
    "-c",
    viewScript + noteMemory(options.machine.architecture),
    "tenon-view",
    isolation.overlay,
    mount.layerNames.join(":"),
    mount.upper,
    mount.overlayWork,
    mount.prefix,
    mount.workInside,
    dropRoot ? String(userId) : "",
    dropRoot ? String(groupId) : "",
    enclosed.online === undefined ? "loopback" : "",
    enclosed.directory,
    ...withEnvironment(enclosed),
  ]);
}

/** The same without namespaces: only umask, folder and environment are set. */
export function plainCommand(
  scratch: string,
  enclosed: EnclosedProgram,
  options: { machine: Machine; guard: string | undefined },
): CommandLine {
  return guarded({ ...enclosed, ...options }, scratch, [
    "sh",
    "-c",
    plainScript + noteMemory(options.machine.architecture),
    "tenon-build",
    enclosed.directory,
    ...withEnvironment(enclosed),
  ]);
}

function guarded(
  { guard, online }: Pick<EnclosedProgram, "online"> & { guard: string | undefined },
  workingDirectory: string,
  argv: readonly string[],
): CommandLine {
  const [program = "sh", ...args] =
    guard === undefined ? argv : [guard, "--pdeathsig", "KILL", ...argv];
  const environment = { PATH: systemPath.join(":"), LANG: "C.UTF-8", ...online };
  return { program, args, workingDirectory, environment };
}

/** The caller's settings may hold passwords, which no command line may show: they are inherited. */
function withEnvironment({ argv, environment, online }: EnclosedProgram): string[] {
  const settings = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  return ["env", ...(online === undefined ? ["-i"] : []), ...settings, ...argv];
}

/**
 * Kernels before 5.11 have no `userxattr`. `../started` tells a view that cannot be made from a program that fails in it. An unset LIBMOUNT_FORCE_MOUNT2 would have newer versions of mount hand over
 * options of at most 256 bytes.
 */
const viewScript = `set -e
umask 022
overlay=$1 lower=$2 upper=$3 scratch=$4 prefix=$5 work=$6 uid=$7 gid=$8 net=$9
directory=\${10}
shift 10
export LIBMOUNT_FORCE_MOUNT2=always
options="lowerdir=$lower,upperdir=../$upper,workdir=../$scratch"
if [ "$overlay" = fuse ]; then
  fuse-overlayfs -o "$options" "$prefix"
else
  mount -t overlay tenon -o "$options,index=off,userxattr" "$prefix" 2>../refusal ||
    mount -t overlay tenon -o "$options,index=off,redirect_dir=off,metacopy=off" "$prefix" 2>/dev/null || {
      cat ../refusal >&2
      exit 1
    }
fi
mount -c --bind ../work "$work"
up() {
  ip link set lo up && return
  perl -e 'socket(S, 2, 2, 0) or exit 1; $r = pack("a16s x14", "lo", 65); ioctl(S, 0x8914, $r) or exit 1' && return
  python3 -c 'import fcntl, socket, struct; fcntl.ioctl(socket.socket(), 0x8914, struct.pack("16sh14x", b"lo", 65))'
}
[ -z "$net" ] || up 2>/dev/null || echo "tenon: the loopback interface stays down: ip, perl and python3 are missing"
: >../started
set +e
(
  cd "$directory" || exit
  unset LIBMOUNT_FORCE_MOUNT2
  [ -z "$uid" ] || exec unshare --user --map-user="$uid" --map-group="$gid" -- "$@"
  exec "$@"
)
code=$?
usage=../usage
${noteTimes}
if [ "$overlay" = fuse ]; then
  umount "$work" && umount "$prefix"
fi
`;

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
  const line = lines.findLast((one) => /^(mount|unshare|fuse-overlayfs|fuse|setpriv): /.test(one));
  return line ?? (lines.at(-1) || "it said nothing");
}
