/** Files of dependencies: only their first line counts, and it is written for make. */

interface DependencyLine {
  /** A package is built again when one of these is newer. */
  readonly plain: readonly string[];
  /** These only have to be there. */
  readonly orderOnly: readonly string[];
}

/** What comes after `#`, and after the first line, is prose. */
export function readDependencyLine(text: string): DependencyLine {
  const [line = ""] = (text.split("\n", 1)[0] ?? "").split("#", 1);
  const bar = line.indexOf("|");
  return bar < 0
    ? { plain: splitWords(line), orderOnly: [] }
    : { plain: splitWords(line.slice(0, bar)), orderOnly: splitWords(line.slice(bar + 1)) };
}

/** At blanks outside of parentheses: `$(and $(X), a b)` is one word. */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let depth = 0;
  let word = "";
  for (const character of text) {
    if (character === "(") depth += 1;
    if (character === ")") depth -= 1;
    if (depth > 0 || !/\s/.test(character)) word += character;
    else if (word !== "") {
      words.push(word);
      word = "";
    }
  }
  return word === "" ? words : [...words, word];
}
