/**
 * File systems that cannot do all. `overlay`: a folder of a proof, as it is, becomes the lower layer,
 * whose directories nobody can rename (their numbers do not last either, with the upper layer in
 * memory). `weak`: the machine's own, whose C library refuses RENAME_EXCHANGE and RENAME_NOREPLACE.
 * `bindfs` refuses them too, but through libfuse a reader can miss what a rename(2) replaces,
 * whoever calls it: for kills, not for races.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";

const inside = "TENON_PROOF_MOUNTS";
const places = ["overlay", "weak", "bindfs"];

/** Mounts are made by root, and in a namespace of their own: there the proof runs once more. */
export function enterPlace(on) {
  if (on === undefined) return;
  if (!places.includes(on)) throw new Error(`--on is ${places.join(", ")}, not ${on}`);
  if (on === "weak") return refuseFlags();
  if (process.env[inside] !== undefined) return;
  const again = ["--mount", process.execPath, ...process.argv.slice(1)];
  const env = { ...process.env, [inside]: on };
  const { status } = spawnSync("unshare", again, { stdio: "inherit", env });
  process.exit(status ?? 4);
}

/** What the commands need on a place. */
export const isWeak = (on) => on === "weak" || on === "bindfs";
export const optionsOn = (on) => (isWeak(on) ? ["--weak-renames"] : []);

const shim = `
#define _GNU_SOURCE
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>
int renameat2(int from, const char *old, int to, const char *new, unsigned int flags) {
  if (flags == 0) return syscall(SYS_renameat2, from, old, to, new, flags);
  errno = EINVAL;
  return -1;
}
`;

/** For all processes that this one starts. */
function refuseFlags() {
  const folder = mkdtempSync(`${tmpdir()}/tenon-shim-`);
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(`${folder}/shim.c`, shim);
  must("cc", "-shared", "-fPIC", "-o", `${folder}/shim.so`, `${folder}/shim.c`);
  process.env.LD_PRELOAD = `${folder}/shim.so`;
}

/** Covered folder → the folder of its layers, if it has any. */
const covered = new Map();
process.once("exit", () => {
  for (const [folder, layers] of covered) {
    spawnSync("umount", ["-l", folder]);
    if (layers !== undefined) rmSync(layers, { recursive: true, force: true });
  }
});

export function cover(on, folder) {
  if (on === undefined || on === "weak") return;
  covered.set(folder, on === "overlay" ? makeLayers() : undefined);
  mount(on, folder);
}

function makeLayers() {
  const memory = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
  const layers = mkdtempSync(`${memory}/tenon-layers-`);
  for (const name of ["upper", "work"]) mkdirSync(`${layers}/${name}`);
  return layers;
}

/** As when the machine starts again. */
export function coverAgain(on, folder) {
  if (on !== "overlay") return;
  unmount(folder);
  mount(on, folder);
}

export function uncover(folder) {
  if (!covered.has(folder)) return;
  unmount(folder);
  const layers = covered.get(folder);
  covered.delete(folder);
  if (layers !== undefined) rmSync(layers, { recursive: true, force: true });
}

function mount(on, folder) {
  if (on === "bindfs") return must("bindfs", folder, folder);
  const layers = covered.get(folder);
  const parts = [`lowerdir=${folder}`, `upperdir=${layers}/upper`, `workdir=${layers}/work`];
  must("mount", "-t", "overlay", "overlay", "-o", [...parts, "redirect_dir=off"].join(), folder);
}

/** What was killed may take a moment to let go. */
function unmount(folder) {
  for (let count = 1; spawnSync("umount", [folder]).status !== 0; count += 1) {
    if (count === 50) throw new Error(`${folder} cannot be unmounted`);
    spawnSync("sleep", ["0.1"]);
  }
}

function must(command, ...args) {
  const { status, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  if (error !== undefined) throw new Error(`${command} is missing`, { cause: error });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${stderr}`);
}
