/** What the store has that is not as it was made: it is told of, dropped, and made again. */
import type { EventSink } from "../core/index.ts";
import type { DamagedFile } from "../store/index.ts";

const namedFiles = 3;

/** An artifact of which much is damaged, its modes for one, is not a reason for many lines. */
export function tellDamage(emit: EventSink, files: readonly DamagedFile[]): void {
  for (const file of files.slice(0, namedFiles)) {
    const { package: name } = file;
    emit({ kind: "note", ...(name === undefined ? {} : { package: name }), text: textOf(file) });
  }
  const rest = files.length - namedFiles;
  if (rest > 0)
    emit({ kind: "note", text: `${rest} more of its files are damaged in the same way` });
}

function textOf({ path, what, editedIn }: DamagedFile): string {
  return editedIn === undefined
    ? `${path} ${what} in the store: tenon drops that copy and makes the package again`
    : `${editedIn}/${path} was edited in place, and with it the store's copy, which is dropped`;
}
