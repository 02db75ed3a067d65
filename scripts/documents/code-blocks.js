/** Code of documents that is wrong by its form, or that no test runs. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { parse } from "smol-toml";

/** Pages whose `console` blocks a test runs to the letter. */
const followed = /^docs\/(tutorial|how-to\/[^/]+)\.md$/;

/** @returns {string[]} */
export function wrongBlocks(/** @type {string} */ document) {
  const text = readFileSync(document, "utf8");
  return [...text.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].flatMap(
    ({ 1: language, 2: code, index }) => {
      const fault = faultOf(document, language, code);
      if (fault === undefined) return [];
      return [`${document}:${text.slice(0, index).split("\n").length}: ${fault}`];
    },
  );
}

/** @returns {string | undefined} */
function faultOf(
  /** @type {string} */ document,
  /** @type {string} */ language,
  /** @type {string} */ code,
) {
  if (language === "toml") return faultIn(() => parse(code));
  if (language === "json") return faultIn(() => JSON.parse(code));
  if (language === "sh") {
    const { status, stderr } = spawnSync("bash", ["-n"], { input: code, encoding: "utf8" });
    return status === 0 ? undefined : stderr.trim();
  }
  if (language === "console" && !followed.test(document))
    return "no test runs this block; only those of docs/tutorial.md and docs/how-to are run";
  return undefined;
}

/** @returns {string | undefined} */
function faultIn(/** @type {() => unknown} */ read) {
  try {
    read();
    return undefined;
  } catch (error) {
    return String(error instanceof Error ? error.message : error).split("\n")[0];
  }
}
