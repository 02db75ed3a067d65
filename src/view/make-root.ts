/**
 * The root that a view has of its own: the machine's folders, to read; and the few that are the build's.
 *
 * Who may write anywhere changes the machine, past DESTDIR and without anybody's notice. So the first
 * process of a view makes a tree of mounts and has it for its root (`script.ts`). It makes it from two
 * tables in the form of fstab(5), each mounted by one process: one process more, in all views, costs more than
 * twenty mounts.
 *
 * What the first table mounts becomes read-only as a whole, with whatever is mounted below it, and its
 * devices are none: mount goes through all that it sees of the new root. Then come the folders that may be written to. What is
 * to be read-only within one of these is mounted by the first table at another place, and once more from
 * there. That is below /dev/shm, which the build's own then covers.
 *
 * The tree hangs on a folder of the scratch folder, with an empty folder or file where each mount goes.
 * That folder lies in one of the machine's, which is bound into the tree: it is unbindable meanwhile, so that
 * the tree does not get into itself.
 */
import { isWithin } from "../core/index.ts";
import { type Disk, exists } from "../world/index.ts";
import { type Cover, findCovers, makePlace, placeInView, typeOf } from "./covers.ts";
import { fstab, type MountLine } from "./fstab.ts";

/** What of the machine is not simply there to be read. All paths are absolute. */
export interface ViewSights {
  /** Seen as empty folders: what a build could find here is nothing that it has declared. */
  readonly hidden: readonly string[];
  /** Seen also where they lie in a folder of which the build has its own, such as /tmp. */
  readonly shown: readonly string[];
  /** Where they lie in such a folder, they are empty and cannot be written to. */
  readonly guarded: readonly string[];
  /** The build may write to them. */
  readonly writable: readonly string[];
}

interface RootOptions {
  readonly scratch: string;
  /** Where the build sees its prefix and its work folder. */
  readonly prefix: string;
  readonly workInside: string;
  readonly sights: ViewSights;
  /** No user namespace keeps it from what only root may write in /proc. */
  readonly isRealRoot: boolean;
}

interface MadeRoot {
  /** The folder that becomes the root. */
  readonly root: string;
  /** Where the prefix is mounted, absolute, without links, as the build sees it. */
  readonly prefix: string;
}

/** Names in the scratch folder, for the script. */
export const tables = { shown: "shown.fstab", own: "own.fstab" } as const;
/** For a mount that reads no table; in the new root. */
export const emptyTable = "/dev/shm/empty";

const devices = ["null", "zero", "full", "random", "urandom", "tty"];

const deviceLinks: Readonly<Record<string, string>> = {
  fd: "/proc/self/fd",
  stdin: "/proc/self/fd/0",
  stdout: "/proc/self/fd/1",
  stderr: "/proc/self/fd/2",
  ptmx: "pts/ptmx",
};

/** By these root changes the whole machine. What else is in /proc is its own processes'. */
const guardedInProc = [
  "acpi",
  "bus",
  "driver",
  "fs",
  "irq",
  "mtrr",
  "scsi",
  "sys",
  "sysrq-trigger",
];

/** Makes the folder and writes the tables. May be called again, for the next step. */
export function makeRoot(disk: Disk, options: RootOptions): MadeRoot {
  const { scratch, workInside, sights } = options;
  const root = `${scratch}/root`;
  // Where a build is itself in a view, the machine has that folder too, and it is not shown.
  const bare = { place: `/${topOf(workInside)}`, folder: `${root}/${topOf(workInside)}` };
  const hidden = sights.hidden.filter((path) => !isWithin(path, bare.place));
  const covers = findCovers(disk, `${scratch}/own`, hidden);
  const view = { root, covers: [...covers, { ...bare, isWritable: false }] };
  const place = (path: string) => placeInView(disk, path, view);
  const { place: prefix } = place(options.prefix);
  const detours = [
    ...leadsTo([options.prefix, ...sights.hidden, ...sights.guarded].map(place)),
    ...sights.shown
      .filter((path) => exists(disk, path))
      .flatMap((path) => detourTo(path, place(path))),
  ];
  const first = [
    { ...bind(root, root), options: "rbind,unbindable" },
    ...machineFolders(disk, root, ["dev", "proc", topOf(workInside), ...covers.map(inRoot)]),
    proc("proc", root),
    ...covers.filter(({ isWritable }) => !isWritable).map((cover) => bindCover(root, cover)),
    ...detours.map(({ source }, index) => bind(source, `${root}${wayBy(index)}`)),
  ];
  const second = [
    ...deviceFiles(disk, root),
    proc("tenon", root),
    ...(options.isRealRoot ? procGuards(disk, root) : []),
    ...covers.filter(({ isWritable }) => isWritable).map((cover) => bindCover(root, cover)),
    ...detours.map(({ place: to }, index) => bind(`${root}${wayBy(index)}`, `${root}${to}`)),
    ...sights.writable
      .filter((path) => exists(disk, path))
      .map((path) => bind(path, `${root}${place(path).place}`)),
    { source: "tenon", target: `${root}/dev/pts`, type: "devpts", options: devptsOptions },
    {
      source: "tenon",
      target: `${root}/dev/shm`,
      type: "tmpfs",
      options: "nosuid,nodev,mode=1777",
    },
    bind(`${scratch}/work`, `${root}${workInside}`),
  ];
  for (const folder of ["/proc", "/dev/pts", "/dev/shm", workInside])
    makePlace(disk, `${root}${folder}`, "directory");
  makePlace(disk, `${root}${emptyTable}`, "file");
  detours.forEach(({ source }, index) =>
    makePlace(disk, `${root}${wayBy(index)}`, typeOf(disk, source)),
  );
  replaceFile(disk, `${scratch}/${tables.shown}`, fstab(first));
  replaceFile(disk, `${scratch}/${tables.own}`, fstab(second));
  return { root, prefix };
}

interface Detour {
  readonly source: string;
  /** As the build sees it. */
  readonly place: string;
}

/** In a folder of the build's own, the way to what is mounted there cannot be written to, from its first name on. */
function leadsTo(places: readonly { place: string; cover: Cover | undefined }[]): Detour[] {
  const leads = new Map<string, Detour>();
  for (const { place, cover } of places) {
    if (cover === undefined || !cover.isWritable || place === cover.place) continue;
    const [name = ""] = place.slice(cover.place.length + 1).split("/");
    const lead = { source: `${cover.folder}/${name}`, place: `${cover.place}/${name}` };
    leads.set(lead.place, lead);
  }
  return [...leads.values()];
}

/** Only what lies in a folder of the build's own is not there to be seen as it is. */
function detourTo(source: string, { place, cover }: ReturnType<typeof placeInView>): Detour[] {
  return cover === undefined || place === cover.place ? [] : [{ source, place }];
}

function wayBy(index: number): string {
  return `/dev/shm/${index}`;
}

/** All that is in `/`: links as they are, folders with whatever is mounted in them. */
function machineFolders(disk: Disk, root: string, without: readonly string[]): MountLine[] {
  makePlace(disk, root, "directory");
  return disk.list("/").flatMap(({ name, type, rawName }) => {
    const target = `${root}/${name}`;
    if (without.includes(name)) makePlace(disk, target, "directory");
    else if (rawName === undefined && type === "link") {
      if (!exists(disk, target)) disk.makeLink(target, disk.readLink(`/${name}`));
    } else if (rawName === undefined && (type === "directory" || type === "file")) {
      makePlace(disk, target, type);
      return [bind(`/${name}`, target)];
    }
    return [];
  });
}

/** None of the machine's disks and none of its other terminals. */
function deviceFiles(disk: Disk, root: string): MountLine[] {
  makePlace(disk, `${root}/dev`, "directory");
  for (const [name, target] of Object.entries(deviceLinks))
    if (!exists(disk, `${root}/dev/${name}`)) disk.makeLink(`${root}/dev/${name}`, target);
  return devices
    .map((name) => `/dev/${name}`)
    .filter((path) => exists(disk, path))
    .map((path) => {
      makePlace(disk, `${root}${path}`, "file");
      return { source: path, target: `${root}${path}`, options: "bind,ro,nosuid,noexec" };
    });
}

const procOptions = "nosuid,nodev,noexec";
const devptsOptions = "newinstance,nosuid,noexec,ptmxmode=0666,mode=620";

/** Of two with the same name at one place, mount would leave out the second. */
function proc(source: string, root: string): MountLine {
  return { source, target: `${root}/proc`, type: "proc", options: procOptions };
}

function procGuards(disk: Disk, root: string): MountLine[] {
  return guardedInProc
    .filter((name) => exists(disk, `/proc/${name}`))
    .map((name) => `${root}/proc/${name}`)
    .map((path) => ({ source: path, target: path, options: `bind,ro,${procOptions}` }));
}

function bindCover(root: string, { place, folder }: Cover): MountLine {
  return bind(folder, `${root}${place}`);
}

function bind(source: string, target: string): MountLine {
  return { source, target, options: "rbind" };
}

function inRoot({ place }: Cover): string {
  return place.slice(1);
}

function topOf(path: string): string {
  return path.split("/")[1] ?? "";
}

function replaceFile(disk: Disk, path: string, text: string): void {
  if (exists(disk, path)) disk.removeFile(path);
  disk.createFile(path, text);
}
