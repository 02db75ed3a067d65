/** A person's or a machine's own settings: `tenon/config.toml`. */
import { openDocument } from "./document.ts";
import { type Mistake, throwMistakes } from "./mistakes.ts";
import { configurationSchema } from "./schema.ts";
import { checkShape } from "./shape.ts";

export interface Configuration {
  /** Folders of others that are believed, with all that is below; as they are written. */
  readonly trust: readonly string[];
}

/** Throws one error for all mistakes. */
export function readConfiguration(file: string, content: Uint8Array): Configuration {
  const mistakes: Mistake[] = [];
  const from = { file, shownAs: file, content, family: "CONFIG", mistakes };
  const { document, values } = openDocument(from);
  const { trust = [] } = checkShape(configurationSchema, document, values ?? {});
  trust.forEach((folder, index) => {
    if (folder.startsWith("/")) return;
    const what = `trust names ${JSON.stringify(folder)}`;
    document.report({ code: "VALUE", at: ["trust", index], what, expected: "an absolute path" });
  });
  throwMistakes(mistakes);
  return { trust };
}
