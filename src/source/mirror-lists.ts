/** Lists of mirrors that a server gives: a text with one address after the other, each in quotation marks. */
import { NetworkError } from "../world/index.ts";
import { type Address, addressOf, headersFor } from "./address.ts";
import { boundedBody } from "./bounded-body.ts";
import type { SourceContext } from "./context.ts";
import { reasonOf } from "./retry.ts";

interface MirrorList {
  readonly url: string;
  /** Where the file lies below each of the mirrors. */
  readonly path: string;
}

export interface ListedMirrors {
  readonly mirrors: readonly Address[];
  readonly failures: readonly { readonly url: string; readonly reason: string }[];
}

const answerMs = 10_000;
const listBytes = 1 << 20;
/** As many as can be asked at once. */
const mirrorsAtMost = 40;

/** A list is asked for once a run. */
const asked = new WeakMap<SourceContext, Map<string, Promise<readonly string[] | NetworkError>>>();

export async function listedMirrors(
  context: SourceContext,
  lists: readonly MirrorList[],
): Promise<ListedMirrors> {
  const mirrors: Address[] = [];
  const failures: { url: string; reason: string }[] = [];
  for (const { url, path } of lists) {
    const found = await askOnce(context, url);
    if (found instanceof NetworkError) failures.push({ url, reason: reasonOf(found) });
    else mirrors.push(...found.map((mirror) => addressOf(below(mirror, path))));
  }
  return { mirrors, failures };
}

function askOnce(context: SourceContext, url: string): Promise<readonly string[] | NetworkError> {
  const known = asked.get(context) ?? new Map<string, Promise<readonly string[] | NetworkError>>();
  asked.set(context, known);
  const answer = known.get(url) ?? ask(context, addressOf(url));
  known.set(url, answer);
  return answer;
}

async function ask(
  { world, signal }: SourceContext,
  list: Address,
): Promise<readonly string[] | NetworkError> {
  try {
    const response = await world.network.request(list.url, {
      headers: { "accept-encoding": "identity", ...headersFor(list) },
      timeoutMs: answerMs,
      ...(signal === undefined ? {} : { signal }),
    });
    try {
      if (response.status !== 200) {
        return new NetworkError(list.url, `the server answered ${response.status}`);
      }
      const chunks: Uint8Array[] = [];
      for await (const chunk of boundedBody(world.clock, response, listBytes)) chunks.push(chunk);
      return addressesIn(Buffer.concat(chunks).toString("utf8"));
    } finally {
      await response.close();
    }
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    return error;
  }
}

/** Only of the network: a list from elsewhere names no file of this machine. */
function addressesIn(text: string): string[] {
  const quoted = [...text.matchAll(/["'](https?:\/\/[^"'\s]+)["']/g)];
  return quoted.map(([, address = ""]) => address).slice(0, mirrorsAtMost);
}

function below(mirror: string, path: string): string {
  return `${mirror}${mirror.endsWith("/") ? "" : "/"}${path}`;
}
