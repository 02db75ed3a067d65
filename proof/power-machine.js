/** A machine of qemu: Debian's kernel, this machine's programs (to read only), one folder to share. */
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { basename } from "node:path";
import { converse, must } from "./processes.js";

const modules = ["virtio_pci", "9pnet_virtio", "9p", "virtio_blk", "loop", "overlay"];
const packages = {
  "qemu-system-x86_64": "qemu-system-x86",
  busybox: "busybox-static",
  modprobe: "kmod",
  "mkfs.ext4": "e2fsprogs",
  "mkfs.xfs": "xfsprogs",
  "mkfs.btrfs": "btrfs-progs",
};

/** Debian's own kernels are named so; those for clouds cannot mount another machine's folder. */
const kernelName = /^vmlinuz-(\d.*-amd64)$/;

/** Says what is missing and how to get it, and ends; else gives the kernel's release. */
export function requireMachine() {
  const releases = readdirSync("/boot").flatMap((name) => kernelName.exec(name)?.[1] ?? []);
  const usable = releases.filter((each) => !each.includes("cloud")).sort();
  const wanted = Object.entries(packages).filter(([program]) => !isProgram(program));
  const names = wanted.map(([, name]) => name);
  if (usable.length === 0) names.push("linux-image-amd64");
  if (names.length === 0) return usable.at(-1);
  const missing = [...wanted.map(([program]) => program), ...(usable.length ? [] : ["a kernel"])];
  process.stderr.write(
    `${missing.join(", ")}: missing\n  apt-get install --no-install-recommends ${names.join(" ")}\n`,
  );
  process.exit(4);
}

/** Whether this machine's kernel can mount a file of that kind, and we may. */
export function canMount(kind) {
  if (process.getuid?.() !== 0 || !existsSync("/dev/loop-control")) return false;
  spawnSync("modprobe", ["-q", kind]);
  return new RegExp(`\\t${kind}$`, "m").test(readFileSync("/proc/filesystems", "utf8"));
}

function isProgram(name) {
  const folders = [...(process.env.PATH ?? "").split(":"), "/usr/sbin", "/sbin"];
  return folders.some((folder) => existsSync(`${folder}/${name}`));
}

/** An empty file system; the device has 1 MiB more, for marks. Gives where that begins. */
export function makeFileSystem(kind, image) {
  const size = { ext4: 64, xfs: 300, btrfs: 160 }[kind];
  const commands = {
    ext4: ["mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0"],
    xfs: ["mkfs.xfs", "-q", "-f", "-d", `size=${size}m`],
    btrfs: ["mkfs.btrfs", "-q", "-f", "-b", `${size}m`],
  };
  const command = [...commands[kind], image, ...(kind === "ext4" ? [`${size}m`] : [])];
  sh(["truncate", "-s", `${size + 1}m`, image]);
  sh(command);
  return size * 2 ** 20;
}

function sh(/** @type {string[]} */ [program = "", ...args]) {
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
  const { status, stdout, stderr } = spawnSync(program, args, { env, encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stderr}`);
  return stdout;
}

/** The kernel's first file system: busybox, and the modules in the order in which they go in. */
export async function makeFirstFiles(folder, release) {
  const root = `${folder}/first`;
  mkdirSync(`${root}/modules`, { recursive: true });
  copyFileSync(programPath("busybox"), `${root}/busybox`);
  copyFileSync(new URL("power-init.sh", import.meta.url), `${root}/init`);
  const wanted = [...modules, "ext4", "xfs", "btrfs"];
  const lines = wanted.flatMap((name) =>
    sh(["modprobe", "-S", release, "--show-depends", name]).split("\n"),
  );
  const files = new Set(lines.flatMap((line) => /^insmod (\S+)/.exec(line)?.[1] ?? []));
  for (const [at, file] of [...files].entries()) {
    copyFileSync(file, `${root}/modules/${String(at).padStart(3, "0")}-${basename(file)}`);
  }
  const pack = "find . | busybox cpio -o -H newc >../first.cpio";
  await must(["sh", "-c", `chmod +x init busybox && ${pack}`], { cwd: root });
  return `${folder}/first.cpio`;
}

function programPath(name) {
  return sh(["sh", "-c", `command -v ${name}`]).trim();
}

/**
 * Gives what a command prints, line by line, in the machine, which then ends as at a power cut:
 * nothing is unmounted. With an image and a log it has a disk with a volatile cache, and all that
 * reaches it is logged: qemu logs a write when it is complete, and a flush at once, since here it
 * need not wait for a real disk.
 *
 * @param {string[]} command
 * @param {{ release?: string, firstFiles: string, share: string, disk?: { image: string, log: string }, accel: string }} options
 */
export function runInMachine(command, { release, firstFiles, share, disk, accel }) {
  const quoted = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  writeFileSync(`${share}/run.sh`, `${quoted}\necho "exit $?"\n`);
  const machine = ["-M", "q35", "-accel", accel, "-cpu", "max", "-m", "2048", "-smp", "2"];
  const kernel = ["-kernel", `/boot/vmlinuz-${release}`, "-initrd", firstFiles];
  const screen = ["-no-reboot", "-nodefaults", "-display", "none", "-serial", "stdio"];
  return linesOf([
    "qemu-system-x86_64",
    ...machine,
    ...kernel,
    ...screen,
    "-append",
    "console=ttyS0 quiet loglevel=1 panic=-1",
    ...folder("host", "/", ",readonly=on"),
    ...folder("share", share),
    ...(disk === undefined ? [] : loggedDisk(disk)),
  ]);
}

/** The same with this machine's kernel, in mounts of its own. */
export function runHere(command, { share }) {
  const mounts = `mount -t tmpfs -o size=90% tmp /mnt && mkdir /mnt/share /mnt/tmp &&
    mount --bind "$0" /mnt/share && cd /mnt/tmp && export TMPDIR=/mnt/tmp`;
  const script = `exec 2>&1; ${mounts} && "$@"; echo "exit $?"`;
  return linesOf(["unshare", "--mount", "sh", "-c", script, share, ...command]);
}

async function* linesOf(command) {
  const { hear } = converse(command, { timeoutMs: 900_000 });
  const heard = [];
  for (;;) {
    const line = (await hear()).trim();
    heard.push(line);
    if (line === "exit 0") return;
    if (line.startsWith("exit ")) throw new Error(heard.slice(-60).join("\n"));
    yield line;
  }
}

function folder(id, path, more = "") {
  const about = `local,id=${id},path=${path},security_model=none,multidevs=remap${more}`;
  return ["-fsdev", about, "-device", `virtio-9p-pci,fsdev=${id},mount_tag=${id}`];
}

function loggedDisk({ image, log }) {
  const file = (role, name) => `${role}.driver=file,${role}.filename=${name}`;
  const files = `${file("file", image)},${file("log", log)}`;
  const driver = `driver=blklogwrites,node-name=disk,${files}`;
  const device = "virtio-blk-pci,drive=disk,discard=off,write-zeroes=off";
  return ["-blockdev", `${driver},file.cache.no-flush=on,log.cache.no-flush=on`, "-device", device];
}
