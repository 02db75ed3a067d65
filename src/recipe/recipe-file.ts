/** One recipe's file on its way from text to recipe. */
import type { Disk } from "../world/index.ts";
import type { Document } from "./document.ts";
import type { RawRecipe } from "./schema.ts";

export interface RecipeFile {
  readonly disk: Disk;
  readonly document: Document;
  readonly raw: RawRecipe;
  /** The name that the file's or folder's name gives. */
  readonly fileName: string;
}
