/** The command line of `tenon push`. */
import { boolean, type FlagsOf, packageNames, queryFlags, quietFlag, text } from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

const flags = {
  ...queryFlags,
  key: text("Sign with this key of yours, where tenon.toml lists several of them", "NAME"),
  vouch: boolean("Also sign what came from the cache, as when a key is replaced"),
  quiet: quietFlag,
} as const;

export type PushFlags = FlagsOf<typeof flags>;

export const push: CommandLine<PushFlags, string[]> = {
  docs: {
    brief: "Sign what was built, and put it into the shared cache",
    more: [
      "The cache and the keys that count are in [cache] of tenon.toml. Packages that are up to date are signed with your key, or with the one in TENON_KEY, and brought to cache.push. Only what the cache does not have is packed.",
      "Nothing is shared that failed, that was built without a view, or whose build used the network.",
    ],
    examples: [["tenon build && tenon push", "How a CI job builds and publishes"]],
  },
  parameters: { flags, aliases: { C: "directory", q: "quiet" }, positional: packageNames },
};
