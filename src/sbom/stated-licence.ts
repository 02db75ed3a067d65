/** Which licence a package states: its recipe, or else the METADATA of its Python distribution (PEP 639, PEP 314). */
import parseExpression from "spdx-expression-parse";
import type { StatedLicence } from "./bill.ts";

type Headers = ReadonlyMap<string, readonly string[]>;

/**
 * `headers` are those of METADATA, by their names in lower case. Words that SPDX does not know as an expression stay the
 * author's own, since a bill with an unknown expression is not valid. Undefined where nothing is stated.
 */
export function statedLicence(
  recipe: string | undefined,
  headers: Headers | undefined,
): StatedLicence | undefined {
  if (recipe !== undefined) return asStated(recipe);
  const [expression] = headers?.get("license-expression") ?? [];
  if (expression !== undefined) return asStated(expression);
  const [words = ""] = headers?.get("license") ?? [];
  if (words.trim() !== "" && words.trim() !== "UNKNOWN") return asStated(words);
  const classifiers = (headers?.get("classifier") ?? []).filter((each) =>
    each.startsWith("License ::"),
  );
  return classifiers.length === 0 ? undefined : ofClassifiers(classifiers);
}

function asStated(words: string): StatedLicence {
  const text = words.trim();
  return isExpression(text) ? { expression: text } : { text };
}

/** One of a licence of the author's own would have to come with that licence's text. */
function isExpression(text: string): boolean {
  if (text.includes("LicenseRef-")) return false;
  try {
    parseExpression(text);
    return true;
  } catch {
    return false;
  }
}

/** Each names one licence and one version of it, unlike `BSD License` or `Apache Software License`. */
const licenceOfClassifier: Readonly<Record<string, string>> = {
  "Boost Software License 1.0 (BSL-1.0)": "BSL-1.0",
  "GNU Affero General Public License v3": "AGPL-3.0-only",
  "GNU Affero General Public License v3 or later (AGPLv3+)": "AGPL-3.0-or-later",
  "GNU General Public License v2 (GPLv2)": "GPL-2.0-only",
  "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
  "GNU General Public License v3 (GPLv3)": "GPL-3.0-only",
  "GNU General Public License v3 or later (GPLv3+)": "GPL-3.0-or-later",
  "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
  "GNU Lesser General Public License v3 or later (LGPLv3+)": "LGPL-3.0-or-later",
  "ISC License (ISCL)": "ISC",
  "MIT License": "MIT",
  "MIT No Attribution License (MIT-0)": "MIT-0",
  "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
  "The Unlicense (Unlicense)": "Unlicense",
  "zlib/libpng License": "Zlib",
};

/** Several classifiers do not say whether all hold or one may be chosen, so they stay words. */
function ofClassifiers(classifiers: readonly string[]): StatedLicence {
  const [only = ""] = classifiers.length === 1 ? classifiers : [];
  const expression = licenceOfClassifier[only.replace(/^License :: OSI Approved :: /, "")];
  return expression === undefined ? { text: classifiers.join("\n") } : { expression };
}
