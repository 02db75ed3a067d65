/** A file that is on its way: what has arrived, and how to ask for the rest, even after a kill. */
import { digestOf } from "../core/index.ts";
import {
  exists,
  type FileWriter,
  makeDirectories,
  readTextIfAny,
  removeTree,
} from "../world/index.ts";
import type { SourceContext } from "./context.ts";

export interface Partial {
  readonly file: string;
  sizeBytes(): number;
  /** What proves to the server that the rest belongs to what is here; undefined: start afresh. */
  validator(): string | undefined;
  /** Forgets what is here and opens the file for a new beginning. */
  restart(validator: string | undefined): FileWriter;
  continue(): FileWriter;
  remove(): void;
}

/** The folder in the store's scratch is named by the address, so that a later run finds it. */
export function openPartial(context: SourceContext, url: string): Partial {
  const { disk } = context.world;
  const folder = `${context.store.layout.scratch}/${partialNameOf(url)}`;
  const file = `${folder}/content`;
  const validatorFile = `${folder}/validator`;
  const remove = (): void => removeTree(disk, folder);
  return {
    file,
    sizeBytes: () => disk.status(file)?.sizeBytes ?? 0,
    validator: () => (exists(disk, file) ? readTextIfAny(disk, validatorFile) : undefined),
    restart: (validator) => {
      remove();
      makeDirectories(disk, folder);
      if (validator !== undefined) disk.createFile(validatorFile, validator);
      return disk.openWriter(file);
    },
    continue: () => disk.openWriter(file, { append: true }),
    remove,
  };
}

/** Also the name of the lock under which the folder may be used. */
export function partialNameOf(url: string): string {
  return `download-${digestOf(url)}`;
}
