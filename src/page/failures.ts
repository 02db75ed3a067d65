/** What failed: the reason, the lines around the error, what it blocked, and the log. */
import { showKnown, showSeen } from "../core/failure-words.ts";
import { showCount, showDuration } from "../core/figures.ts";
import type { FailureReport, PackageRun } from "../events/run.ts";
import { button, element } from "./element.ts";
import type { Facts } from "./facts.ts";
import type { State } from "./state.ts";

/** More of them are closed, so that the page stays short. */
const openFailures = 3;

export function showFailures(facts: Facts, state: State): HTMLElement | undefined {
  const failed = facts.run.packages.flatMap(({ failure, ...each }) =>
    failure === undefined ? [] : [{ ...each, failure }],
  );
  if (failed.length === 0) return undefined;
  return element(
    "section",
    { id: "failures", "aria-labelledby": "failures-title" },
    element("h2", { id: "failures-title" }, "Failures"),
    ...failed.map((each, at) => showFailure(each, facts, state, at < openFailures)),
  );
}

type FailedPackage = Omit<PackageRun, "failure"> & { readonly failure: FailureReport };

function showFailure(
  { name, version, failure, runMs, checkMs }: FailedPackage,
  facts: Facts,
  state: State,
  isOpen: boolean,
): HTMLElement {
  const { step, reason, hints, known, seen, fingerprint, logTail, log, logFile } = failure;
  const note = showKnown(known);
  const ownMs = step === "check" ? checkMs : runMs;
  const blocked = facts.run.packages.filter(({ blockedBy }) => blockedBy?.includes(name));
  const blockedText =
    blocked.length === 0
      ? undefined
      : element(
          "p",
          {},
          `It blocks ${showCount(blocked.length, "package")}: `,
          ...linksTo(
            blocked.map((each) => each.name),
            state,
          ),
        );
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
    note === ""
      ? undefined
      : element("p", { class: "known" }, element("strong", {}, "Known: "), note),
    logTail.length === 0 ? undefined : element("pre", { class: "error" }, logTail.join("\n")),
    blockedText,
    element(
      "p",
      { class: "muted" },
      seen === undefined ? "" : `Seen before: ${showSeen(seen)}. `,
      "Fingerprint ",
      element("code", {}, fingerprint),
    ),
    element("p", { class: "muted" }, "Log ", element("code", {}, logFile)),
    log === "" ? undefined : showLog(name, log),
  );
}

/** Shown from its end: there the error is. */
function showLog(name: string, log: string): HTMLElement {
  const text = element(
    "pre",
    { class: "log", tabindex: 0, role: "region", "aria-label": `Log of ${name}` },
    log,
  );
  // Only what is laid out can be scrolled.
  new IntersectionObserver((entries, observer) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    text.scrollTop = text.scrollHeight;
    observer.disconnect();
  }).observe(text);
  return text;
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
