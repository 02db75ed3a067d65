/** Versions of Python projects in one spelling each, so that they can be compared (PEP 440). */

/** After the pattern in PEP 440, appendix B. */
const pattern = new RegExp(
  [
    String.raw`^v?(?:(?<epoch>\d+)!)?(?<release>\d+(?:\.\d+)*)`,
    String.raw`(?:[-_.]?(?<pre>alpha|beta|preview|pre|a|b|c|rc)[-_.]?(?<preNumber>\d+)?)?`,
    String.raw`(?:-(?<implicitPost>\d+)|(?<post>[-_.]?(?:post|rev|r)[-_.]?(?<postNumber>\d+)?))?`,
    String.raw`(?<dev>[-_.]?dev[-_.]?(?<devNumber>\d+)?)?`,
    String.raw`(?:\+(?<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?$`,
  ].join(""),
);

const preNames: Readonly<Record<string, string>> = {
  alpha: "a",
  beta: "b",
  c: "rc",
  pre: "rc",
  preview: "rc",
};

/** `1.0.0-Beta2` and `1b2` become the same text. A text that is no version: in lower case. */
export function canonicalVersion(version: string): string {
  const text = version.trim().toLowerCase();
  const parts = pattern.exec(text)?.groups;
  if (parts === undefined) return text;
  const { epoch, release = "", pre, preNumber, implicitPost, post, postNumber } = parts;
  const { dev, devNumber, local } = parts;
  const numbers = release.split(".").map(withoutZeros);
  while (numbers.length > 1 && numbers.at(-1) === "0") numbers.pop();
  return [
    epoch === undefined || Number(epoch) === 0 ? "" : `${withoutZeros(epoch)}!`,
    numbers.join("."),
    pre === undefined ? "" : `${preNames[pre] ?? pre}${withoutZeros(preNumber)}`,
    post === undefined && implicitPost === undefined
      ? ""
      : `.post${withoutZeros(implicitPost ?? postNumber)}`,
    dev === undefined ? "" : `.dev${withoutZeros(devNumber)}`,
    local === undefined ? "" : `+${local.replaceAll(/[-_]/g, ".")}`,
  ].join("");
}

function withoutZeros(digits = "0"): string {
  return digits.replace(/^0+(?=\d)/, "");
}
