/** What failed: the reason, what can be done, the lines around the error, what it blocks, and the log. */
import { showKnown, showSeen } from "../core/failure-words.ts";
import { showCount, showDuration } from "../core/figures.ts";
import type { FailureReport, PackageRun } from "../events/run.ts";
import { button, element } from "./element.ts";
import type { PageFacts } from "./facts.ts";
import type { State } from "./state.ts";

/** More of them are closed, so that the page stays short. */
const openFailures = 3;

/** So many of what a failure blocks are named at once. */
const namedBlocked = 10;

export function showFailures(facts: PageFacts, state: State): HTMLElement | undefined {
  const causes = causesOf(facts);
  if (causes.length === 0) return undefined;
  return element(
    "section",
    { id: "failures", "aria-labelledby": "failures-title" },
    element("h2", { id: "failures-title" }, "Failures"),
    ...causes.map((each, at) => showFailure(each, state, at < openFailures)),
  );
}

type FailedPackage = Omit<PackageRun, "failure"> & { readonly failure: FailureReport };

/** Failures with one fingerprint have one cause, which is told once. */
interface FailureCause {
  readonly first: FailedPackage;
  readonly others: readonly string[];
  readonly blocked: readonly string[];
}

/** What blocks most comes first. */
function causesOf({ run }: PageFacts): FailureCause[] {
  const byFingerprint = new Map<string, FailedPackage[]>();
  for (const { failure, ...each } of run.packages) {
    if (failure === undefined) continue;
    const same = byFingerprint.get(failure.fingerprint) ?? [];
    byFingerprint.set(failure.fingerprint, [...same, { ...each, failure }]);
  }
  const causes = [...byFingerprint.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const failed = new Set([first, ...others].map(({ name }) => name));
    const blocked = run.packages.filter(({ blockedBy }) =>
      blockedBy?.some((name) => failed.has(name)),
    );
    const namesOf = (packages: readonly { readonly name: string }[]): string[] =>
      packages.map(({ name }) => name);
    return [{ first, others: namesOf(others), blocked: namesOf(blocked) }];
  });
  return causes.sort((a, b) => b.blocked.length - a.blocked.length);
}

function showFailure(
  { first, others, blocked }: FailureCause,
  state: State,
  isOpen: boolean,
): HTMLElement {
  const { name, version, failure, runMs, checkMs } = first;
  const { step, reason, hints, log } = failure;
  const ownMs = step === "check" ? checkMs : runMs;
  return element(
    "details",
    { class: "failure", open: isOpen, "data-package": name },
    element(
      "summary",
      {},
      element("strong", {}, name),
      ` ${version} `,
      element("span", { class: "muted" }, `in ${step}, ${showDuration(ownMs)}`),
      element("span", { class: "reason" }, reason),
    ),
    ...hints.map((hint) => element("p", { class: "cure" }, hint)),
    showNote(failure),
    showExcerpt(failure),
    named(`The same in ${showCount(others.length, "other package")}: `, others, state),
    named(`It blocks ${showCount(blocked.length, "package")}: `, blocked, state),
    showTraces(failure),
    log === "" ? undefined : showLog(name, failure),
  );
}

function showNote({ known }: FailureReport): HTMLElement | undefined {
  const note = showKnown(known);
  if (note === "") return undefined;
  return element("p", { class: "known" }, element("strong", {}, "Known: "), note);
}

/** The line that says the reason is marked. */
export function showExcerpt({ logTail, errorAt }: FailureReport): HTMLElement | undefined {
  if (logTail.length === 0) return undefined;
  const lines = logTail.map((line, at) =>
    at === errorAt ? element("mark", {}, line) : element("span", {}, line),
  );
  return element("pre", { class: "error" }, ...lines);
}

function showTraces({ seen, fingerprint, logFile }: FailureReport): HTMLElement {
  return element(
    "p",
    { class: "muted traces" },
    element("span", {}, seen === undefined ? "" : `Seen before: ${showSeen(seen)}`),
    element("span", {}, "Fingerprint ", element("code", {}, fingerprint)),
    element("span", {}, "Log ", element("code", {}, logFile)),
  );
}

function named(words: string, names: readonly string[], state: State): HTMLElement | undefined {
  if (names.length === 0) return undefined;
  const isLong = names.length > namedBlocked + 2;
  const shown = isLong ? names.slice(0, namedBlocked) : names;
  const rest = names.slice(shown.length);
  const all = element("p", {}, words, ...linksTo(shown, state));
  if (rest.length === 0) return all;
  const more = button(`and ${rest.length} more`, `Show all ${names.length}`, () => {
    more.replaceWith(...linksTo(rest, state));
  });
  more.classList.add("link", "muted");
  all.append(more);
  return all;
}

/** Shown at the line that says the reason, else from its end. */
function showLog(name: string, { log, logTail, errorAt }: FailureReport): HTMLElement {
  const line = errorAt === undefined ? "" : (logTail[errorAt] ?? "");
  const [before, after] = around(log, line);
  const mark = after === undefined ? undefined : element("mark", {}, line);
  const text = element(
    "pre",
    { class: "log", tabindex: 0, role: "region", "aria-label": `Log of ${name}` },
    before,
    mark,
    after,
  );
  // Only what is laid out can be scrolled.
  new IntersectionObserver((entries, observer) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    scrollTo(text, mark);
    observer.disconnect();
  }).observe(text);
  return text;
}

/** To a mark in the middle, else to the end; no line is cut at the top. */
function scrollTo(text: HTMLElement, mark: HTMLElement | undefined): void {
  const { lineHeight, paddingTop } = getComputedStyle(text);
  const [line, padding] = [Number.parseFloat(lineHeight), Number.parseFloat(paddingTop)];
  const middle = (mark?.offsetTop ?? 0) - text.offsetTop - text.clientHeight / 2;
  const wanted = mark === undefined ? text.scrollHeight - text.clientHeight : middle;
  text.scrollTop = wanted <= 0 ? 0 : padding + Math.ceil((wanted - padding) / line) * line;
}

/** What stands before a whole line of a log, and from the next one on; the log alone where it has no such line. */
function around(log: string, line: string): [before: string, after?: string] {
  const at = line === "" ? -1 : `\n${log}\n`.indexOf(`\n${line}\n`);
  if (at < 0) return [log];
  return [log.slice(0, at), log.slice(at + line.length + 1)];
}

/** Names that choose their package. */
export function linksTo(names: readonly string[], state: State): Node[] {
  return names.flatMap((name, at) => {
    const link = button(name, `Show ${name}`, () => state.choose(name), { class: "link" });
    // With its comma, so that none begins a line.
    const comma = at < names.length - 1 ? "," : "";
    return [element("span", { class: "listed" }, link, comma), document.createTextNode(" ")];
  });
}
