/** A person's or a machine's own settings: `tenon/config.toml`. */
import { bytesOf, timeSpanOf } from "../core/index.ts";
import { openDocument } from "./document.ts";
import { type Mistake, throwMistakes } from "./mistakes.ts";
import { configurationSchema } from "./schema.ts";
import { checkShape } from "./shape.ts";

export interface Configuration {
  /** Folders of others that are believed, with all that is below; as they are written. */
  readonly trust: readonly string[];
  /** What `tenon gc --store` leaves, where the command line does not say. */
  readonly store: { readonly keepMs?: number; readonly maxBytes?: number };
}

/** Throws one error for all mistakes. */
export function readConfiguration(file: string, content: Uint8Array): Configuration {
  const mistakes: Mistake[] = [];
  const from = { file, shownAs: file, content, family: "CONFIG", mistakes };
  const { document, values } = openDocument(from);
  const { trust = [], store = {} } = checkShape(configurationSchema, document, values ?? {});
  trust.forEach((folder, index) => {
    if (folder.startsWith("/")) return;
    const what = `trust names ${JSON.stringify(folder)}`;
    document.report({ code: "VALUE", at: ["trust", index], what, expected: "an absolute path" });
  });
  const read = <Value>(
    key: "keep" | "max-size",
    parse: (text: string) => Value | undefined,
    expected: string,
  ): Value | undefined => {
    const text = store[key];
    const value = text === undefined ? undefined : parse(text);
    const what = `store.${key} is ${JSON.stringify(text)}`;
    if (text !== undefined && value === undefined)
      document.report({ code: "VALUE", at: ["store", key], what, expected });
    return value;
  };
  const keepMs = read("keep", timeSpanOf, 'a time such as "12h", "14d" or "8w"');
  const maxBytes = read("max-size", bytesOf, 'a size such as "800M" or "10G"');
  throwMistakes(mistakes);
  return {
    trust,
    store: {
      ...(keepMs === undefined ? {} : { keepMs }),
      ...(maxBytes === undefined ? {} : { maxBytes }),
    },
  };
}
