/** Libraries that are the machine's own by right, and where it keeps them. */
import { listIfAny, readTextIfAny, type Disk } from "../world/index.ts";

/**
 * The C library with the loader and all that is or was a part of it, and what the compilers link of
 * their own accord: both are the machine's, as the compilers are. Everything else is some package's.
 */
const always: readonly RegExp[] = [
  /^(ld-linux.*|ld64|ld-musl-.*|ld)\.so\.\d+$/,
  /^linux-(vdso|gate)\d*\.so\.1$/,
  /^libc(\.musl-.*)?\.so(\.\d+)?$/,
  /^lib(m|mvec|dl|pthread|rt|resolv|util|anl|nsl|crypt|BrokenLocale|thread_db)\.so\.\d+$/,
  /^lib(gcc_s|stdc\+\+|atomic|gomp|gfortran|quadmath|itm|ssp|asan|lsan|tsan|ubsan)\.so\.\d+$/,
];

/** What a wheel for many machines may take from each of them besides; PEP 600, as auditwheel has it. */
const wheels =
  /^lib(X11|Xext|Xrender|ICE|SM|GL|gobject-2\.0|gthread-2\.0|glib-2\.0|z|expat|panelw|ncursesw)\.so\.\d+$/;

export function isSystemLibrary(name: string): boolean {
  return always.some((pattern) => pattern.test(name));
}

export function mayWheelExpect(name: string): boolean {
  return wheels.test(name);
}

const usual = ["/lib64", "/usr/lib64", "/lib", "/usr/lib"];
const mostFiles = 100;

/** Where the loader looks last: ld.so.conf(5) with what it includes, then the usual folders. */
export function systemFolders(disk: Disk): string[] {
  const folders: string[] = [];
  const files = ["/etc/ld.so.conf"];
  for (let at = 0; at < Math.min(files.length, mostFiles); at += 1) {
    for (const line of linesOf(disk, files[at] ?? "")) {
      const included = /^include\s+(\/.*)\/\*\.conf$/.exec(line)?.[1];
      if (line.startsWith("/")) folders.push(line);
      else if (included !== undefined) {
        const names = listIfAny(disk, included).map(({ name }) => name);
        files.push(
          ...names.filter((name) => name.endsWith(".conf")).map((name) => `${included}/${name}`),
        );
      }
    }
  }
  return [...new Set([...folders, ...usual])];
}

function linesOf(disk: Disk, file: string): string[] {
  if (disk.statusOfTarget(file)?.type !== "file") return [];
  const lines = (readTextIfAny(disk, file) ?? "").split("\n");
  return lines.map((line) => (line.split("#")[0] ?? "").trim());
}
