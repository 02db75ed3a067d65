/** The place that an address or a folder names. */
import { TenonError } from "../core/index.ts";
import type { World } from "../world/index.ts";
import { folderPlace } from "./folder-place.ts";
import { httpPlace, type NetworkOptions } from "./http-place.ts";
import { ociPlace } from "./oci-place.ts";
import type { CachePlace, PushPlace } from "./place.ts";
import { reapiPlace } from "./reapi-place.ts";

export function isOnNetwork(url: string): boolean {
  return url.includes("://");
}

/** `url` is as `[cache]` of tenon.toml has it after reading: a folder is absolute. */
export function openPlace(world: World, url: string, options: NetworkOptions): CachePlace {
  return /^https?:/.test(url) ? httpPlace(world, url, options) : openPushPlace(world, url, options);
}

export function openPushPlace(world: World, url: string, options: NetworkOptions): PushPlace {
  if (/^oci(\+http)?:/.test(url)) return ociPlace(world, url, options);
  if (/^reapis?:/.test(url)) return reapiPlace(world, url, options);
  if (!isOnNetwork(url)) return folderPlace(world, url);
  throw new TenonError({
    kind: "usage",
    code: "CACHE_READ_ONLY",
    message: `${url} is a server of files, to which nothing can be pushed`,
    hints: [
      "Name the folder that it serves, a registry as oci://HOST/NAME, or a server as reapi://HOST:PORT.",
    ],
  });
}
