/** How files come from the store into the prefix, by the setting `link`. */
import type { Incoming } from "../install/index.ts";
import type { PrefixLayout } from "../prefix/index.ts";
import type { LinkMode } from "../recipe/index.ts";
import type { Store } from "../store/index.ts";

export const transfers: Readonly<Record<LinkMode, NonNullable<Incoming["transfer"]>>> = {
  reflink: "copy",
  hardlink: "share",
  copy: "rewrite",
};

/** The store remembers whose files are its own by hard links: an edit in the prefix is one in the store. */
export function noteShares(
  store: Store,
  { prefix }: PrefixLayout,
  link: LinkMode,
  packages: readonly Pick<Incoming, "name" | "artifact">[],
): void {
  if (link !== "hardlink") return;
  for (const { name, artifact } of packages) store.share(artifact, { prefix, package: name });
}
