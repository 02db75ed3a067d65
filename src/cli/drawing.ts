/** From one drawing of a block of lines at the end of the terminal to the next: what is to be written. */
import { oneLine } from "../core/index.ts";
import { type Style, widthOf } from "../report/index.ts";

export interface Drawing {
  readonly block: readonly string[];
  /** The terminal's width. */
  readonly columns: number;
}

interface NextDrawing extends Drawing {
  /** Finished lines that scroll away above the block. */
  readonly above: readonly string[];
}

/**
 * Empty when nothing has changed; else one text: up to the block's first line, erase to the end, the
 * finished lines, the new block. The cursor rests at the end of the block's last line, so whatever
 * ends the program leaves a usable terminal.
 */
export function diff(before: Drawing, next: NextDrawing, style: Style): string {
  const lines = next.above.map((line) => `${style.show(oneLine(line))}\n`).join("");
  const block = next.block.join("\n");
  if (lines === "" && block === before.block.join("\n")) return "";
  if (before.block.length === 0 && block === "") return lines;
  return `\u001B[?2026h${erase(before, next.columns)}${lines}${style.show(block)}\u001B[?2026l`;
}

/**
 * When the window has become narrower, most terminals have wrapped the block's lines meanwhile: they
 * take more rows than there were lines. Where they are cut instead, a few finished lines vanish too.
 */
function erase({ block, columns }: Drawing, columnsNow: number): string {
  if (block.length === 0) return "";
  const rows = block
    .map((line) => Math.min(columns, widthOf(line)))
    .map((width) => (columnsNow < columns ? Math.max(1, Math.ceil(width / columnsNow)) : 1))
    .reduce((sum, count) => sum + count, 0);
  return `\r${rows > 1 ? `\u001B[${rows - 1}A` : ""}\u001B[J`;
}
