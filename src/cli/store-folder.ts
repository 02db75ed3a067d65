/** Where a user's store is: `TENON_STORE`, else the user's cache folder. Undefined where nothing says. */
export function storeFolder(
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const { TENON_STORE: own, XDG_CACHE_HOME: cache, HOME: home } = environment;
  if (own?.startsWith("/")) return own;
  if (cache?.startsWith("/")) return `${cache}/tenon`;
  return home?.startsWith("/") ? `${home}/.cache/tenon` : undefined;
}
