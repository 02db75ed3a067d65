/** Addresses on the network, with their credentials kept apart so that no message shows them. */

export interface Address {
  /** Without credentials. */
  readonly url: string;
  /** The value of the Authorization header. */
  readonly authorization?: string;
}

/** Takes `user:password@` out of an address. A text that is not an address is kept as it is. */
export function addressOf(url: string): Address {
  const parsed = parse(url);
  if (parsed === undefined || (parsed.username === "" && parsed.password === "")) return { url };
  const credentials = `${decode(parsed.username)}:${decode(parsed.password)}`;
  parsed.username = "";
  parsed.password = "";
  return {
    url: parsed.href,
    authorization: `Basic ${Buffer.from(credentials, "utf8").toString("base64")}`,
  };
}

export interface ServerAddress extends Address {
  /** As it is called for people. */
  readonly name: string;
}

/** Of a server of the Remote Execution API: `reapi://` speaks HTTP, `reapis://` with TLS. */
export function serverAddressOf(place: string): ServerAddress {
  const address = addressOf(place.replace(/^reapi/, "http"));
  return { ...address, name: address.url.replace(/^http/, "reapi").replace(/\/+$/, "") };
}

/** An address found on a page; the page's credentials go along to the same origin only. */
export function addressFrom(page: Address, url: string): Address {
  const own = addressOf(url);
  if (own.authorization !== undefined || page.authorization === undefined) return own;
  return originOf(own.url) === originOf(page.url)
    ? { ...own, authorization: page.authorization }
    : own;
}

export function headersFor(address: Address): Record<string, string> {
  return address.authorization === undefined ? {} : { authorization: address.authorization };
}

/** The last name of an address's path; empty when it has none. */
export function fileNameOf(url: string): string {
  const path = parse(url)?.pathname ?? url;
  return decode(path.slice(path.lastIndexOf("/") + 1)).replaceAll(/[/\0]/g, "_");
}

/** Whether reading from here needs no network. */
export function isLocal(url: string): boolean {
  return /^file:/i.test(url);
}

function originOf(url: string): string | undefined {
  return parse(url)?.origin;
}

function parse(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
