/** Why the build of another program failed: for a person, and for GitHub Actions. */
import type { LogExplanation } from "../library/index.ts";
import { plainText, showKnown, showSeen } from "../core/index.ts";
import { renderHint } from "./error-text.ts";
import { showPath } from "./place.ts";
import type { Style } from "./style.ts";

const longestLine = 500;

export function renderLogExplanation(
  { reason, line, context, shownAt, cure, known, seen, fingerprint }: LogExplanation,
  { log, style }: { readonly log: string; readonly style: Style },
): string[] {
  const said = showKnown(known);
  return [
    line === undefined
      ? `${style.strong(log)} ${context.length === 0 ? "is empty" : `${reason}; it ends with:`}`
      : `${style.strong(`${log}:${line}`)}: ${cut(reason)}`,
    ...context.map((each, at) =>
      at === shownAt
        ? `${style.bad(">")} ${style.dim("|")} ${cut(each)}`
        : `  ${style.dim("|")} ${cut(each)}`,
    ),
    ...(cure === undefined ? [] : [renderHint(cure, style)]),
    ...(said === "" ? [] : [`  ${style.warn("known:")} ${said}`]),
    ...(seen === undefined ? [] : [`  seen before: ${showSeen(seen)}`]),
    ...(line === undefined ? [] : [`  fingerprint: ${fingerprint}`]),
  ];
}

/** One workflow command. A path below `currentDirectory` is named from there on. */
export function renderAnnotation(
  { kind, reason, place, cure, known, fingerprint, line }: LogExplanation,
  currentDirectory: string,
): string[] {
  const properties = [
    ...(place === undefined
      ? []
      : [
          `file=${property(showPath(place.file, currentDirectory))}`,
          `line=${place.line}`,
          ...(place.column === undefined ? [] : [`col=${place.column}`]),
        ]),
    `title=${property(kind)}`,
  ];
  const message = [
    line === undefined ? `The log ${reason}` : reason,
    ...(cure === undefined ? [] : [cure]),
    ...(showKnown(known) === "" ? [] : [`Known: ${showKnown(known)}`]),
    ...(line === undefined ? [] : [`Line ${line} of the log; fingerprint ${fingerprint}`]),
  ];
  return [`::error ${properties.join(",")}::${message.map(escaped).join("%0A")}`];
}

function escaped(text: string): string {
  return plainText(cut(text))
    .replaceAll("%", "%25")
    .replaceAll("\r", "%0D")
    .replaceAll("\n", "%0A");
}

function property(text: string): string {
  return escaped(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

function cut(line: string): string {
  return line.length <= longestLine ? line : `${line.slice(0, longestLine)}…`;
}
