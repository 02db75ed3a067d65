/** How files come from the store into the prefix, by the setting `link`. */
import type { Incoming } from "../install/index.ts";
import type { LinkMode } from "../recipe/index.ts";

export const transfers: Readonly<Record<LinkMode, NonNullable<Incoming["transfer"]>>> = {
  reflink: "copy",
  hardlink: "share",
  copy: "rewrite",
};
