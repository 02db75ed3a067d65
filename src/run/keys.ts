/** `tenon key`: the keys with which results are signed. */
import { keepSecretKey, readSecretKey, readSecretKeys } from "../cache/index.ts";
import { hasNameForm, TenonError } from "../core/index.ts";
import {
  isExpired,
  lastDay,
  makeSecretKey,
  parsePublicKey,
  parseSecretKey,
  renderPublicKey,
  type SecretKey,
} from "../signing/index.ts";
import type { World } from "../world/index.ts";

export interface ListedKey {
  readonly name: string;
  /** The last day on which its signatures count: `2027-11-30`. */
  readonly until: string;
  readonly isExpired: boolean;
  /** What belongs into `cache.keys`. */
  readonly line: string;
}

/** Makes a key that counts for so many days, and a file of its secret half in the folder. */
export function makeKey(
  world: World,
  folder: string,
  { name, days }: { readonly name: string; readonly days: number },
): ListedKey & { readonly file: string } {
  const until = lastDay(world.clock.now(), days);
  const key = makeSecretKey(name, until);
  if (!hasNameForm(name) || parsePublicKey(renderPublicKey(key)) === undefined)
    throw new TenonError({
      kind: "usage",
      code: "KEY_NAME",
      message: `${JSON.stringify(name)} is not a name for a key`,
      hints: ["Letters, digits and ._@+- will do: `tenon key new ci-2027`."],
    });
  return { ...listed(world, key), file: keepSecretKey(world, folder, key) };
}

export function listKeys(world: World, folder: string): ListedKey[] {
  return readSecretKeys(world, folder).map((key) => listed(world, key));
}

export { readSecretKey as readKeyFile, readSecretKeys as readKeys };

/** Throws where it is not a secret key. */
export function parseKey(text: string): SecretKey {
  const key = parseSecretKey(text);
  if (key !== undefined) return key;
  throw new TenonError({
    kind: "usage",
    code: "KEY_DAMAGED",
    message: "TENON_KEY has no secret key of tenon's",
    hints: [
      "It holds the one line of a file that `tenon key new NAME` has made, or that file's path.",
    ],
  });
}

function listed(world: World, key: SecretKey): ListedKey {
  const { name, until } = key;
  return {
    name,
    until,
    isExpired: isExpired(key, world.clock.now()),
    line: renderPublicKey(key),
  };
}
