/** Files that a person names with `--output`. */
import { TenonError } from "../core/index.ts";
import { writeAtomically } from "../world/index.ts";
import type { Context } from "./context.ts";
import { absolute } from "./options.ts";

/** Readers see the old or the new text, never a part. */
export function writeOutput(context: Context, file: string, text: string): void {
  const { disk, clock } = context.world;
  const path = outputPath(context, file);
  writeAtomically(disk, path, text, { temporary: `${path}.${clock.uniqueId()}`, durable: false });
}

/** Nothing but a regular file gives way to it: root could lose a device of the machine by `-o /dev/null`. */
export function outputPath({ world, currentDirectory }: Context, file: string): string {
  const { disk } = world;
  const path = absolute(currentDirectory, file);
  const status = disk.statusOfTarget(path);
  if (status === undefined || status.type === "file") return path;
  throw new TenonError({
    kind: "usage",
    code: "OUTPUT_IS_NO_FILE",
    message: `${file} is ${status.type === "directory" ? "a folder" : "no regular file"}, and nothing is written there`,
    hints: ["Name a file with --output."],
  });
}
