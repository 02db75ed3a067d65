/** The log of a build: written by steps, read again when one fails. */
import type { Usage } from "../core/index.ts";
import type { Disk } from "../world/index.ts";
import type { Step } from "./step.ts";

const readAtMostBytes = 256 * 1024;

/** What was logged from a byte on, or its end. */
export function readLogEnd(disk: Disk, file: string, fromByte: number): string {
  let end = Buffer.alloc(0);
  let at = 0;
  for (const chunk of disk.readChunks(file)) {
    const own = chunk.subarray(Math.max(0, Math.min(chunk.length, fromByte - at)));
    at += chunk.length;
    end = Buffer.concat([end, own]).subarray(-readAtMostBytes);
  }
  return end.toString("utf8");
}

/** One line: what the step does. */
export function titleOf(step: Step): string {
  if (step.kind === "act") return step.title;
  return step.argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : quote(word))).join(" ");
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** `3.20 s wall, 2.90 s user, 0.15 s system, 84 MB at most`. */
export function describeUsage({ wallMs, userMs, systemMs, maxRssBytes }: Usage): string {
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
  return [
    `${seconds(wallMs)} wall`,
    ...(userMs === undefined ? [] : [`${seconds(userMs)} user`]),
    ...(systemMs === undefined ? [] : [`${seconds(systemMs)} system`]),
    ...(maxRssBytes === undefined ? [] : [`${(maxRssBytes / 1e6).toFixed(0)} MB at most`]),
  ].join(", ");
}

export function writeLog(disk: Disk, file: string, text: string): void {
  const writer = disk.openWriter(file, { append: true });
  writer.write(Buffer.from(text));
  writer.close();
}
