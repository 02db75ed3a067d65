/** What a program has printed, for a terminal that is not its own. */
import { visible } from "./visible.ts";

/** Without what would move the cursor, change its colour or turn its direction. */
export function plainText(printed: string): string {
  return withoutEscapes(printed).replace(/\t/g, " ").replace(unseen, "");
}

export function withoutEscapes(printed: string): string {
  return printed.replace(escapes, "");
}

/** A progress bar overwrites its own line. */
export function lastOverwritten(line: string): string {
  return line.split("\r").findLast((part) => part.trim() !== "") ?? "";
}

/** One line with its colours, which end with it; nothing else in it reaches the terminal. */
export function colouredLine(line: string): string {
  const parts = lastOverwritten(line).split(colour);
  const shown = parts.map((part, index) =>
    index % 2 === 0 ? visible(withoutEscapes(part)) : part,
  );
  return parts.length === 1 ? shown.join("") : `${shown.join("")}\u001B[0m`;
}

/* oxlint-disable no-control-regex */
const escapes = /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)|[@-Z\\-_])/g;
/** Select Graphic Rendition (ECMA-48, 8.3.117): the only sequence that moves and asks nothing. */
const colour = /(\u001B\[[0-9;:]*m)/;
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
