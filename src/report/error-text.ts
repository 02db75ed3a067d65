/** Errors as a person reads them: what, why, and what to do. */
import { isDiskError } from "../world/index.ts";
import { TenonError } from "../core/index.ts";
import type { Style } from "./style.ts";

export function renderError(error: unknown, style: Style): string[] {
  const label = style.bad("error:");
  if (error instanceof TenonError && error.kind !== "internal") {
    const [first, ...more] = error.lines;
    return [`${label} ${first}`, ...more, ...error.hints.map((hint) => renderHint(hint, style))];
  }
  if (isDiskError(error)) return [`${label} ${error.message}`];
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [
    `${label} this is a defect in tenon`,
    ...stack.split("\n").map((line) => `  ${line}`),
    renderHint("Please report it with the lines above and the command that you ran.", style),
  ];
}

export function renderHint(hint: string, style: Style): string {
  return `  ${style.warn("hint:")} ${hint}`;
}
