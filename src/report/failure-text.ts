/** Failed packages as a person reads them: why, where, what it blocked, what is known, what to do. */
import type { BuildResult, PackageFailure } from "../library/index.ts";
import { renderHint } from "./error-text.ts";
import { showCount, showKnown, showNames, showSeen } from "../core/index.ts";
import { showPath } from "./place.ts";
import type { Style } from "./style.ts";

interface FailureTextOptions {
  readonly style: Style;
  /** Absolute; paths below it are shown without it. */
  readonly currentDirectory: string;
  readonly lookCloser: (failed: string) => readonly string[];
}

/** So many are told in full, so many more in a line; a person reads no fifty of them. */
const toldInFull = 5;
const toldInLine = 20;
const longestLine = 500;

/** Failures with one fingerprint have one cause, which is told once. */
export function renderFailures(
  { failures, blocked }: Pick<Extract<BuildResult, { kind: "failed" }>, "failures" | "blocked">,
  options: FailureTextOptions,
): string[] {
  const causes = byCause(failures);
  const full = causes.slice(0, toldInFull).flatMap(({ first, others }) => {
    const failed = new Set([first.package, ...others]);
    const blocks = [...blocked].filter(([, by]) => by.some((name) => failed.has(name)));
    return ["", ...renderFailure({ first, others, blocks: namesOf(blocks) }, options)];
  });
  const rest = causes.slice(toldInFull);
  const brief = rest.slice(0, toldInLine).flatMap(({ first, others }) => {
    return [renderTitle(first, options.style), ...renderOthers(others)];
  });
  const more = rest.length - toldInLine;
  return [
    ...full,
    ...(brief.length > 0 ? ["", ...brief] : []),
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
}

interface Cause {
  readonly first: PackageFailure;
  /** The names of other packages that fail for it. */
  readonly others: readonly string[];
}

function byCause(failures: readonly PackageFailure[]): Cause[] {
  const groups = new Map<string, PackageFailure[]>();
  for (const failure of failures) {
    groups.set(failure.fingerprint, [...(groups.get(failure.fingerprint) ?? []), failure]);
  }
  return [...groups.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [{ first, others: others.map((each) => each.package) }],
  );
}

function renderOthers(others: readonly string[]): string[] {
  if (others.length === 0) return [];
  return [`  the same in ${showCount(others.length, "other package")}: ${showNames(others)}`];
}

function renderFailure(
  { first: failure, others, blocks }: Cause & { readonly blocks: readonly string[] },
  { style, currentDirectory, lookCloser }: FailureTextOptions,
): string[] {
  const commands = lookCloser(failure.package);
  return [
    renderTitle(failure, style),
    ...renderOthers(others),
    ...failure.logTail.map((line, at) => {
      const mark = at === failure.errorAt ? style.bad(">") : " ";
      return `${mark} ${style.dim("|")} ${cut(line)}`;
    }),
    ...failure.hints.map((hint) => renderHint(hint, style)),
    ...renderKnown(failure, style),
    ...(blocks.length === 0 ? [] : [`  blocked by this: ${showNames(blocks)}`]),
    `  log: ${showPath(failure.logFile, currentDirectory)}`,
    ...(commands.length === 0 ? [] : [`  look closer: ${commands.join("; ")}`]),
  ];
}

function renderTitle(
  { package: name, version, step, reason }: PackageFailure,
  style: Style,
): string {
  return `${style.strong(`${name} ${version}`)} failed in ${step}: ${cut(reason)}`;
}

/** What the team knows of it, and whether it is a failure that comes back. */
function renderKnown({ known, seen, fingerprint }: PackageFailure, style: Style): string[] {
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
