/** Reads `license`, `homepage` and `[run]`: what a recipe says for those who use the package. */
import type { About } from "../core/index.ts";
import type { Document } from "./document.ts";
import { checkVariables } from "./read-build.ts";
import type { RawRecipe } from "./schema.ts";
import { nameOfKey, quote } from "./wording.ts";

/** Undefined where it says nothing. */
export function readAbout(document: Document, raw: RawRecipe): About | undefined {
  const { homepage } = raw;
  const license = readLicense(document, raw.license);
  const env = raw.run?.env;
  if (homepage !== undefined) checkHomepage(document, homepage);
  if (env !== undefined) checkRunVariables(document, env);
  if (license === undefined && homepage === undefined && env === undefined) return undefined;
  return {
    ...(license === undefined ? {} : { license }),
    ...(homepage === undefined ? {} : { homepage }),
    ...(env === undefined ? {} : { env }),
  };
}

/** All licences of a list apply: they become one expression. */
function readLicense(
  document: Document,
  license: string | readonly string[] | undefined,
): string | undefined {
  if (license === undefined) return undefined;
  const all = typeof license === "string" ? [license] : license;
  const expected = 'an SPDX expression, such as "MIT" or "MIT OR Apache-2.0", or a list of them';
  if (all.length === 0) {
    document.report({ code: "VALUE", at: ["license"], what: "license is empty", expected });
  }
  all.forEach((each, index) => {
    if (isLicenseExpression(each)) return;
    const at = typeof license === "string" ? ["license"] : ["license", index];
    const what = `${nameOfKey(at)}, ${quote(each)}, is not a licence in SPDX's words`;
    document.report({ code: "VALUE", at, what, expected });
  });
  const isAlone = all.length === 1;
  return all.map((each) => (isAlone || !/\sOR\s/.test(each) ? each : `(${each})`)).join(" AND ");
}

/** The grammar of SPDX (annex D), with any name for a licence: new ones come every few months. */
export function isLicenseExpression(text: string): boolean {
  const name = /(?:DocumentRef-[\w.-]+:)?[A-Za-z0-9][\w.+-]*/;
  const simple = new RegExp(`^(?!(?:AND|OR|WITH)$)${name.source}(?: WITH ${name.source})?$`);
  let rest = text.trim().replace(/\s+/g, " ");
  // From the inside out: what stands in parentheses is as good as one licence.
  for (let inner = innermost.exec(rest); inner !== null; inner = innermost.exec(rest)) {
    if (!isFlat(inner[1] ?? "")) return false;
    rest = `${rest.slice(0, inner.index)}LicenseRef-group${rest.slice(inner.index + inner[0].length)}`;
  }
  return isFlat(rest);

  function isFlat(flat: string): boolean {
    return flat.split(/ (?:AND|OR) /).every((each) => simple.test(each.trim()));
  }
}

const innermost = /\(([^()]*)\)/;

function checkHomepage(document: Document, homepage: string): void {
  if (/^https?:\/\/[^\s/]\S*$/.test(homepage) && URL.canParse(homepage)) return;
  const what = `homepage ${quote(homepage)} is not the address of a page`;
  const expected = "https://… or http://…";
  document.report({ code: "VALUE", at: ["homepage"], what, expected });
}

function checkRunVariables(document: Document, env: Readonly<Record<string, string>>): void {
  checkVariables(document, ["run", "env"], env);
  for (const [name, value] of Object.entries(env)) {
    if (/\p{Cc}/u.test(value)) {
      const at = ["run", "env", name];
      const what = `${nameOfKey(at)} contains a control character`;
      document.report({ code: "VALUE", at, what, expected: "one line of text" });
    }
    const known = value.replace(`:\${${name}}`, "").replaceAll("${PREFIX}", "");
    const [unknown] = /\$\{[^}]*\}/.exec(known) ?? [];
    if (unknown === undefined) continue;
    const at = ["run", "env", name];
    const what = `${nameOfKey(at)} names ${unknown}`;
    const expected = `\${PREFIX}, or :\${${name}} at its end for what it was before`;
    document.report({ code: "VALUE", at, what, expected });
  }
}
