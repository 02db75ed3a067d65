/** Mounting over a folder of a test, where root may: an overlay, another file system, or bindfs. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";

const memory = "/dev/shm";

export interface Mounted {
  /** As when the machine starts again. */
  again(): void;
  end(): void;
}

/** What is in the folder becomes the lower layer; the upper one is in memory. */
export function mountOverlay(folder: string, ...options: string[]): Mounted {
  const layers = fs.mkdtempSync(`${memory}/tenon-layers-`);
  for (const name of ["upper", "work"]) fs.mkdirSync(`${layers}/${name}`);
  const parts = [`lowerdir=${folder}`, `upperdir=${layers}/upper`, `workdir=${layers}/work`];
  const mount = (): void =>
    must("mount", "-t", "overlay", "overlay", "-o", [...parts, ...options].join(","), folder);
  mount();
  return {
    again: () => {
      must("umount", folder);
      mount();
    },
    end: () => {
      must("umount", folder);
      fs.rmSync(layers, { recursive: true });
    },
  };
}

export function mountMemory(folder: string): Mounted {
  const mount = (): void => must("mount", "-t", "tmpfs", "tmpfs", folder);
  mount();
  return { again: () => {}, end: () => must("umount", folder) };
}

/** The folder itself, through FUSE: without RENAME_EXCHANGE and RENAME_NOREPLACE. */
export function mountBindfs(folder: string): Mounted {
  must("bindfs", folder, folder);
  return { again: () => {}, end: () => must("umount", folder) };
}

function must(command: string, ...args: string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0) throw error ?? new Error(`${command} ${args.join(" ")}: ${stderr}`);
}

/** Why a kind of mount cannot be had here; undefined where it can. */
export function whyNot(mount: (folder: string) => Mounted): string | undefined {
  if (process.getuid?.() !== 0) return "only root may mount";
  if (!fs.existsSync(memory)) return `there is no ${memory}`;
  const folder = fs.mkdtempSync(`${memory}/tenon-trial-`);
  try {
    mount(folder).end();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
