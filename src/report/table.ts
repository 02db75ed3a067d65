/** Columns that line up. */
import { widthOf } from "./fit.ts";

export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
}

/** One line a row, the titles first; no trailing spaces. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string[] {
  const all = [columns.map(({ title }) => title), ...rows];
  const widths = columns.map((_, index) =>
    Math.max(...all.map((row) => (row[index] ?? "").length)),
  );
  return all.map((row) =>
    row
      .map((cell, index) => {
        const width = widths[index] ?? 0;
        return columns[index]?.align === "right" ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd(),
  );
}

const indent = "    ";

/** The row of a table that is too wide, in lines that end between its cells; a cell is never cut. */
export function foldRow(row: string, columns: number): string[] {
  const lines: string[] = [];
  let rest = row;
  while (widthOf(rest) > columns) {
    const gaps = [...rest.matchAll(/\s{2,}(?=\S)/g)].flatMap(({ index }) =>
      index > indent.length ? [index] : [],
    );
    const fitting = gaps.findLast((at) => widthOf(rest.slice(0, at)) <= columns);
    const gap = fitting ?? gaps[0];
    if (gap === undefined) break;
    lines.push(rest.slice(0, gap));
    rest = `${indent}${rest.slice(gap).trimStart()}`;
  }
  return [...lines, rest];
}
