/** Arguments and folders that are no UTF-8: Node gives them with other characters, as other names. */
import { isUtf8 } from "node:buffer";
import { TenonError } from "../core/index.ts";
import type { Disk } from "../world/index.ts";

interface TextFromOutside {
  readonly arguments: readonly string[];
  readonly currentDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** They name folders that tenon reads or makes. */
const variables = ["TENON_STORE", "XDG_CACHE_HOME", "HOME", "TMPDIR"];

/**
 * Throws for the first one, before a folder of another name is made. What Node could not decode holds
 * U+FFFD, which a name may also hold by itself; only then the kernel is asked for the bytes (proc(5)).
 */
export function refuseDamagedText(disk: Disk, given: TextFromOutside): void {
  if (isDamaged(given.currentDirectory) && isElsewhere(disk, given.currentDirectory)) {
    throw notUtf8(`the name of the current folder ${given.currentDirectory}`);
  }
  if (given.arguments.some(isDamaged)) {
    const exact = partsOf(disk, "/proc/self/cmdline").slice(-given.arguments.length);
    const at = exact.findIndex((argument) => !isUtf8(argument));
    if (at >= 0) throw notUtf8(`the argument ${given.arguments[at]}`);
  }
  for (const name of variables.filter((each) => isDamaged(given.environment[each] ?? ""))) {
    const start = Buffer.from(`${name}=`);
    const exact = partsOf(disk, "/proc/self/environ").find((part) => part.indexOf(start) === 0);
    if (exact !== undefined && !isUtf8(exact)) throw notUtf8(`the variable ${name}`);
  }
}

export function isDamaged(text: string): boolean {
  return text.includes("\uFFFD");
}

function partsOf(disk: Disk, file: string): Buffer[] {
  const content = Buffer.from(disk.readFile(file));
  const parts: Buffer[] = [];
  for (let at = 0; at < content.length;) {
    const end = content.indexOf(0, at);
    const stop = end < 0 ? content.length : end;
    parts.push(content.subarray(at, stop));
    at = stop + 1;
  }
  return parts;
}

/** Whether the name that Node gives leads to another folder than this one, or to none. */
function isElsewhere(disk: Disk, directory: string): boolean {
  const [named, own] = [directory, "/proc/self/cwd"].map((path) => disk.statusOfTarget(path));
  return named?.inode !== own?.inode || named?.device !== own?.device;
}

function notUtf8(what: string): TenonError {
  return new TenonError({
    kind: "usage",
    code: "NOT_UTF8",
    message: `${what} is not UTF-8, so tenon cannot name the same file`,
    hints: ["Give the file or folder a name in UTF-8 (`mv` or `convmv` does), and name that."],
  });
}
