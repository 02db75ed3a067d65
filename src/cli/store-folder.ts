/** Where a user's own files are that no workspace names: the store, and what Node has compiled. */

type Environment = Readonly<Record<string, string | undefined>>;

/** `TENON_STORE`, else the user's cache folder. Undefined where nothing says. */
export function storeFolder(environment: Environment): string | undefined {
  const { TENON_STORE: own } = environment;
  return own?.startsWith("/") ? own : cacheFolder(environment);
}

/** Never in a store that somebody names: it may have come with a workspace (I15). */
export function cacheFolder({
  XDG_CACHE_HOME: cache,
  HOME: home,
}: Environment): string | undefined {
  if (cache?.startsWith("/")) return `${cache}/tenon`;
  return home?.startsWith("/") ? `${home}/.cache/tenon` : undefined;
}
