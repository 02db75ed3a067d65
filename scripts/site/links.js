/** Links and pictures of the finished site that lead nowhere, and pictures without words. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** @returns {string[]} */
export function brokenLinks(/** @type {string} */ out) {
  const names = readdirSync(out, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".html"),
  );
  const texts = new Map(names.map((name) => [name, readFileSync(join(out, name), "utf8")]));
  return [...texts].flatMap(([name, text]) => [
    ...[...text.matchAll(/\b(?:href|src)="([^"]*)"/g)].flatMap(([, target = ""]) =>
      leads(out, texts, name, target) ? [] : [`${name}: ${target} leads nowhere`],
    ),
    ...[...text.matchAll(/<img [^>]*>/g)].flatMap(([picture]) =>
      /alt="[^"]{10,}"/.test(picture) ? [] : [`${name}: ${picture} has no words that describe it`],
    ),
  ]);
}

function leads(
  /** @type {string} */ out,
  /** @type {ReadonlyMap<string, string>} */ texts,
  /** @type {string} */ page,
  /** @type {string} */ target,
) {
  if (/^(https?|mailto):/.test(target)) return true;
  const [path = "", anchor] = target.split("#");
  const name = path === "" ? page : join(dirname(page), decodeURI(path));
  if (!existsSync(join(out, name))) return false;
  return anchor === undefined || (texts.get(name)?.includes(`id="${decodeURI(anchor)}"`) ?? false);
}
