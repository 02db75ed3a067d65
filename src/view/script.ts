/**
 * What the first process of a view does: it mounts all, lets the build run, and notes what it has used.
 *
 * A view with a root of its own is mounted below that root's folder, from the tables that `make-root.ts`
 * has written, and becomes the root at last. This shell keeps its working directory in what was the
 * root before, where its notes go; nothing else of the view can get there. Where the root cannot be exchanged
 * (an initramfs, or a chroot), the new one is moved over it, and the build is put into it. What is mounted
 * below another mount point, of the machine's or of ours, nobody can get at: that it is not made read-only is not a fault.
 *
 * `../started` tells a view that cannot be made from a program that fails in it. Kernels before 5.11 have no
 * `userxattr`. An unset LIBMOUNT_FORCE_MOUNT2 would have newer versions of mount hand over options of
 * at most 256 bytes.
 */
import { noteTimes } from "./usage.ts";
import { emptyTable, tables } from "./make-root.ts";

/** Its arguments: see `viewCommand`. The shell's end is `noteMemory`. */
export const viewScript = `set -e
umask 022
overlay=$1 lower=$2 upper=$3 scratch=$4 prefix=$5 work=$6 root=$7 net=$8 directory=$9
shift 9
onlyCovered() {
  [ -s ../refusal ] && ! grep -v -e "mount point does not exist" -e "dmesg(1)" ../refusal >&2
}
export LIBMOUNT_FORCE_MOUNT2=always
if [ -n "$root" ]; then
  mount -n -a -T ../${tables.shown}
  chroot "$root" mount -n -a -T ${emptyTable} -o remount,bind,ro,nodev,private 2>../refusal || onlyCovered
  mount -n -a -T ../${tables.own}
fi
options="lowerdir=$lower,upperdir=../$upper,workdir=../$scratch"
if [ "$overlay" = fuse ]; then
  fuse-overlayfs -o "$options" "$root$prefix"
else
  mount -n -t overlay tenon -o "$options,index=off,userxattr" "$root$prefix" 2>../refusal ||
    mount -n -t overlay tenon -o "$options,index=off,redirect_dir=off,metacopy=off" "$root$prefix" 2>/dev/null || {
      cat ../refusal >&2
      exit 1
    }
fi
up() {
  ip link set lo up && return
  perl -e 'socket(S, 2, 2, 0) or exit 1; $r = pack("a16s x14", "lo", 65); ioctl(S, 0x8914, $r) or exit 1' && return
  python3 -c 'import fcntl, socket, struct; fcntl.ioctl(socket.socket(), 0x8914, struct.pack("16sh14x", b"lo", 65))'
}
[ -z "$net" ] || up 2>/dev/null || echo "tenon: the loopback interface stays down: ip, perl and python3 are missing"
inside=
if [ -z "$root" ]; then
  mount -n -c --bind ../work "$work"
elif ! (cd "$root" && pivot_root . . && umount -n -l .) 2>/dev/null; then
  exec 9<"$root"
  mount -n --move "$root" /
  inside="chroot /proc/self/fd/9"
fi
: >../started
set +e
(
  unset LIBMOUNT_FORCE_MOUNT2
  [ -z "$inside" ] || exec $inside sh -c 'exec 9<&-; cd "$1" && shift && exec "$@"' tenon-view "$directory" "$@"
  cd "$directory" && exec "$@"
)
code=$?
usage=../usage
${noteTimes}
if [ "$overlay" = fuse ]; then
  $inside umount "$work" && $inside umount "$prefix"
fi
`;
