/** The token that a registry of images asks for: where it says to get one, with the credentials there are. */
import type { Response } from "../world/index.ts";
import { ask, type Asker } from "./answers.ts";
import { collect } from "./place.ts";

interface RegistryAuthorization {
  /** The value of the Authorization header, as far as it is known. */
  current(): string | undefined;
  /** After an answer that wants another one: a new one, or undefined where nothing more can be done. */
  renew(refusal: Response): Promise<string | undefined>;
}

/** `given`: what the caller has, `Basic …` for one, which is sent where the registry wants that. */
export function registryAuthorization(
  asker: Asker,
  given: string | undefined,
): RegistryAuthorization {
  let current: string | undefined = given;
  return {
    current: () => current,
    renew: async ({ headers }) => {
      const challenge = headers["www-authenticate"] ?? "";
      if (!/^bearer /i.test(challenge)) return undefined;
      const token = await fetchToken(asker, challenge, given);
      current = token === undefined ? undefined : `Bearer ${token}`;
      return current;
    },
  };
}

const largestAnswer = 1 << 16;

/** As the distribution specification has it: `Bearer realm="…",service="…",scope="…"`. */
async function fetchToken(
  asker: Asker,
  challenge: string,
  given: string | undefined,
): Promise<string | undefined> {
  const values = new Map(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, text]) => [key, text]),
  );
  const realm = values.get("realm");
  if (realm === undefined || !URL.canParse(realm)) return undefined;
  const url = new URL(realm);
  for (const name of ["service", "scope"]) {
    const text = values.get(name);
    if (text !== undefined) url.searchParams.set(name, text);
  }
  const headers = given === undefined || !isSafe(url) ? {} : { authorization: given };
  const response = await ask({ ...asker, headers }, url.href);
  const bytes = await collect(response.body, largestAnswer, url.href);
  if (response.status !== 200) return undefined;
  try {
    const answer = JSON.parse(bytes.toString("utf8")) as {
      token?: unknown;
      access_token?: unknown;
    };
    const token = answer.token ?? answer.access_token;
    return typeof token === "string" ? token : undefined;
  } catch {
    return undefined;
  }
}

/** A password is sent to nobody who could be overheard. */
function isSafe({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || hostname === "localhost" || hostname === "127.0.0.1";
}
