/** The links of an HTML page of a simple index (PEP 503), by a parser for just that. */

interface Anchor {
  /** Absolute, with its fragment. */
  readonly url: string;
  readonly attributes: ReadonlyMap<string, string>;
}

const attributePattern = /[\s/]*([^\s=>/"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?/y;

/** `page` is the page's address; a `base` element on it wins for relative links. */
export function anchorsOf(html: string, page: string): Anchor[] {
  const text = html.replaceAll(/<!--[\s\S]*?(?:-->|$)/g, "");
  const anchors: Anchor[] = [];
  let base = page;
  const tags = /<(a|base)(?=[\s/>])/gi;
  for (let tag = tags.exec(text); tag; tag = tags.exec(text)) {
    const { attributes, end } = attributesAt(text, tags.lastIndex);
    tags.lastIndex = end; // what looks like a tag among them is none
    const href = attributes.get("href")?.trim();
    if (href === undefined || !URL.canParse(href, base)) continue;
    const url = new URL(href, base).href;
    if (tag[1]?.toLowerCase() === "base") base = url;
    else anchors.push({ url, attributes });
  }
  return anchors;
}

function attributesAt(
  text: string,
  start: number,
): { readonly attributes: Map<string, string>; readonly end: number } {
  const attributes = new Map<string, string>();
  let end = start;
  attributePattern.lastIndex = start;
  for (let found = attributePattern.exec(text); found; found = attributePattern.exec(text)) {
    const [, name = "", double, single, bare] = found;
    if (!attributes.has(name.toLowerCase())) {
      attributes.set(name.toLowerCase(), decodeEntities(double ?? single ?? bare ?? ""));
    }
    end = attributePattern.lastIndex;
  }
  return { attributes, end };
}

const entities: Readonly<Record<string, string>> = {
  amp: "&",
  apos: "'",
  gt: ">",
  lt: "<",
  quot: '"',
};

function decodeEntities(text: string): string {
  return text.replaceAll(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    if (name !== undefined) return entities[String(name).toLowerCase()] ?? whole;
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
