/** Failed packages as a person reads them: why, where, what it blocked, what is known, what to do. */
import type { BuildResult, Failure } from "../library/index.ts";
import { renderHint } from "./error-text.ts";
import { showKnown, showNames, showSeen } from "../core/index.ts";
import { showPath } from "./place.ts";
import type { Style } from "./style.ts";

export interface FailureTextOptions {
  readonly style: Style;
  /** Absolute; paths below it are shown without it. */
  readonly currentDirectory: string;
  readonly lookCloser: (failed: string) => readonly string[];
}

/** So many are told in full, so many more in a line; a person reads no fifty of them. */
const toldInFull = 5;
const toldInLine = 20;
const longestLine = 500;

export function renderFailures(
  { failures, blocked }: Pick<Extract<BuildResult, { kind: "failed" }>, "failures" | "blocked">,
  options: FailureTextOptions,
): string[] {
  const full = failures.slice(0, toldInFull).flatMap((failure) => {
    const blocks = [...blocked].filter(([, by]) => by.includes(failure.package));
    return ["", ...renderFailure(failure, namesOf(blocks), options)];
  });
  const rest = failures.slice(toldInFull);
  const brief = rest.slice(0, toldInLine).map((failure) => renderTitle(failure, options.style));
  const more = rest.length - brief.length;
  return [
    ...full,
    ...(brief.length > 0 ? ["", ...brief] : []),
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
}

function renderFailure(
  failure: Failure,
  blocks: readonly string[],
  { style, currentDirectory, lookCloser }: FailureTextOptions,
): string[] {
  const commands = lookCloser(failure.package);
  return [
    renderTitle(failure, style),
    ...failure.logTail.map((line) => `  ${style.dim("|")} ${cut(line)}`),
    ...failure.hints.map((hint) => renderHint(hint, style)),
    ...renderKnown(failure, style),
    ...(blocks.length === 0 ? [] : [`  blocked by this: ${showNames(blocks)}`]),
    `  log: ${showPath(failure.logFile, currentDirectory)}`,
    ...(commands.length === 0 ? [] : [`  look closer: ${commands.join("; ")}`]),
  ];
}

function renderTitle({ package: name, version, step, reason }: Failure, style: Style): string {
  return `${style.strong(`${name} ${version}`)} failed in ${step}: ${cut(reason)}`;
}

/** What the team knows of it, and whether it is a failure that comes back. */
function renderKnown({ known, seen, fingerprint }: Failure, style: Style): string[] {
  const said = showKnown(known);
  return [
    ...(said === "" ? [] : [`  ${style.warn("known:")} ${said}`]),
    seen === undefined
      ? `  fingerprint: ${fingerprint}`
      : `  seen before: ${showSeen(seen)} (fingerprint ${fingerprint})`,
  ];
}

function namesOf(entries: readonly (readonly [string, unknown])[]): string[] {
  return entries.map(([name]) => name);
}

function cut(line: string): string {
  return line.length <= longestLine ? line : `${line.slice(0, longestLine)}…`;
}
