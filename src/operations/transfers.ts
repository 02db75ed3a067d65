/** How files come from the store into the prefix, by the setting `link`. */
import type { Incoming } from "../install/index.ts";
import type { LinkMode } from "../recipe/index.ts";
import type { Store, StoreUser } from "../store/index.ts";

export const transfers: Readonly<Record<LinkMode, NonNullable<Incoming["transfer"]>>> = {
  reflink: "copy",
  hardlink: "share",
  copy: "rewrite",
};

/**
 * The store remembers who uses it, and which artifacts a prefix shares by hard links: an edit in the prefix is one in the
 * store. `user` is the prefix, and the workspace that it is of.
 */
export function noteUse(
  store: Store,
  user: StoreUser,
  packages: readonly Pick<Incoming, "name" | "artifact" | "transfer">[],
): void {
  store.noteUser(user);
  for (const { name, artifact, transfer } of packages) {
    const isShared = transfer === "share" || transfer === "share-freely";
    if (!isShared || (transfer === "share-freely" && store.isShared(artifact))) continue;
    store.share(artifact, { prefix: user.prefix, package: name });
  }
}
