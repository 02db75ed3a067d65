/** The log of a step: written while it runs, read again when it fails. */
import { shellWord, type Usage } from "../core/index.ts";
import { sayPrefix } from "../relocation/index.ts";
import type { Disk } from "../world/index.ts";
import type { Step } from "./step.ts";

const readAtMostBytes = 256 * 1024;

/** What was logged from a byte on, or its end. */
export function readLogEnd(disk: Disk, file: string, fromByte: number): string {
  const sizeBytes = disk.statusOfTarget(file)?.sizeBytes ?? 0;
  const start = Math.max(fromByte, sizeBytes - readAtMostBytes);
  return sayPrefix(Buffer.concat([...disk.readChunks(file, start)]).toString("utf8"));
}

/** One line: what the step does. */
export function titleOf(step: Step): string {
  if (step.kind === "act") return step.title;
  return sayPrefix(step.argv.map(shellWord).join(" "));
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
