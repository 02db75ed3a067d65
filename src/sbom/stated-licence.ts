/** Which licence a package states: its recipe, or else the METADATA of its Python distribution (PEP 639, PEP 314). */
import type { StatedLicence } from "./bill.ts";

type Headers = ReadonlyMap<string, readonly string[]>;

/** `headers` are those of METADATA, by their names in lower case. Undefined where nothing is stated. */
export function statedLicence(
  recipe: string | undefined,
  headers: Headers | undefined,
): StatedLicence | undefined {
  if (recipe !== undefined) return { expression: recipe };
  const [expression] = headers?.get("license-expression") ?? [];
  if (expression !== undefined && isExpression(expression)) return { expression };
  const [words = ""] = headers?.get("license") ?? [];
  if (words.trim() !== "" && words.trim() !== "UNKNOWN") return { text: words.trim() };
  const classifiers = (headers?.get("classifier") ?? []).filter((each) =>
    each.startsWith("License ::"),
  );
  return classifiers.length === 0 ? undefined : { text: classifiers.join("\n") };
}

function isExpression(text: string): boolean {
  return /^[\w.+-]+(?:[\w.+\- ()]*[\w.+)-])?$/.test(text.trim());
}
