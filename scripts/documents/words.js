/** Habits that make sentences hard to read, and what docs/style.md says instead; in documents and in the program's texts. */
import { readFileSync } from "node:fs";
import { ts } from "../tidy/parser.js";
import { eachNode, lineOf } from "../tidy/sources.js";

/** @type {[habit: RegExp, instead: string][]} */
const habits = [
  [
    /(?<!\b[Tt]here\s|\bthen\s)\b(?:is|are|was|were)\sno\s(?!longer|more|less|faster|slower|larger|smaller|better|other|one\b|different)[a-z]/,
    '"is not a"',
  ],
  [
    /(?<=^|\n|[.:;|]\s|\*\*)(?:Who(?:ever)?(?! (?:owns|needs|is trusted|installed|changes|asked|ran)\b)|Whose|What(?! you\b)) [a-z][^?|]{0,250}?[.:](?=\s|\*|$)/,
    'name the person or the thing, or write "you"',
  ],
  [/\b(?:is|are) (?:back )?as (?:it was|they were)\b/, '"is unchanged"'],
  [/\bfor want of\b/, '"because there is too little"'],
  [/\bwithout a word\b/, '"silently", or say what is not shown'],
  [/\b(?:is|are) to be (?:had|seen|built|done|made|fetched|looked for)\b/, '"can be" or "will be"'],
  [/\bis not to be used\b/, "say why not"],
  [/\b(?:is|are|be|was|were) (?:only )?told\b/, '"is reported" or "is shown"'],
  [/\bit is not said\b/, "say what is missing"],
  [/\bis (?:that|those) of\b.*\bis (?:that|those) of\b/, "repeat the noun"],
  [/\bof which there (?:is|are)\b/, '"which has"'],
  [/\bby (?:its |their )?right\b/, '"belongs to"'],
  [/\bnobody's\b/, '"that no package owns"'],
];

/** @returns {string[]} */
export function habitsIn(/** @type {string} */ document) {
  const prose = readFileSync(document, "utf8")
    .replace(/```[^]*?```/g, blank)
    .replace(/^(?: {4}|.*<!-- as-is -->).*$/gm, "");
  return faultsOf(prose, (at) => `${document}:${prose.slice(0, at).split("\n").length}`);
}

/** Texts of the program that are sentences, wherever they are shown. @returns {string[]} */
export function habitsInTexts(
  /** @type {readonly import("../tidy/sources.js").Source[]} */ sources,
) {
  return sources.flatMap(({ file, tree }) => {
    /** @type {string[]} */
    const faults = [];
    eachNode(tree, (node) => {
      if (!ts.isStringLiteralLike(node) && !ts.isTemplateExpression(node)) return;
      const text = node.getText();
      if (/ \w+ /.test(text) && !text.includes("\n"))
        faults.push(...faultsOf(text.slice(1, -1), () => `${file}:${lineOf(node)}`));
    });
    return faults;
  });
}

function faultsOf(/** @type {string} */ text, /** @type {(at: number) => string} */ placeOf) {
  return habits.flatMap(([habit, instead]) =>
    [...text.matchAll(new RegExp(habit, "g"))].map(({ 0: found, index }) => {
      const words = found.trim().replace(/\s+/g, " ");
      return `${placeOf(index)}: "${words}": write ${instead}, see docs/style.md`;
    }),
  );
}

function blank(/** @type {string} */ code) {
  return code.replace(/[^\n]/g, "");
}
