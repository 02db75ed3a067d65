/** Colour, where the person's terminal has it, and nothing else that a terminal would obey. */
import { visibleLines } from "../core/index.ts";

export interface Style {
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
  dim(text: string): string;
  strong(text: string): string;
  /** As it may be written to the stream: this style's own paint, and all else written out. */
  show(text: string): string;
}

/**
 * Text from outside may hold paint of its own, or worse. So ours bears a seal until it is shown: a few
 * numbers that nobody else knows.
 */
export function makeStyle(colour: boolean, seal = ""): Style {
  const paint =
    (begin: number, end: number) =>
    (text: string): string =>
      colour ? `\u001B[${begin}${seal}m${text}\u001B[${end}${seal}m` : text;
  const ours = new RegExp(`\u001B\\[(\\d+)${seal}m`);
  return {
    good: paint(32, 39),
    bad: paint(31, 39),
    warn: paint(33, 39),
    dim: paint(2, 22),
    strong: paint(1, 22),
    show: (text) => {
      if (!colour) return visibleLines(text);
      // The numbers of the paint are every second part.
      return text
        .split(ours)
        .map((part, index) => (index % 2 === 0 ? visibleLines(part) : `\u001B[${part}m`))
        .join("");
    },
  };
}

/** Of a random hexadecimal text: numbers as terminals know them, and as widths are measured. */
export function sealOf(random: string): string {
  return (random.match(/../g) ?? []).map((pair) => `;${Number.parseInt(pair, 16)}`).join("");
}
