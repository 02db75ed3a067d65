/** What `tenon prove` has found, as text. */
import type { Proven } from "../library/index.ts";
import { showCount } from "../core/index.ts";
import { describePin, type FilePin } from "../relocation/index.ts";
import type { CheckVerdict } from "../store/index.ts";
import { renderHint } from "./error-text.ts";
import type { Style } from "./style.ts";

export function renderProven({ package: name, version, result }: Proven, style: Style): string[] {
  const who = `${name} ${version}`;
  switch (result.kind) {
    case "proved":
      return [
        `${who}: ${style.good("proved")}`,
        ...buildIdLines(result.buildIds),
        `  ${describeCheck(result.check)}`,
      ];
    case "pinned": {
      const since = result.isNew ? "; the next build makes it for each prefix" : "";
      return [`${who}: ${style.bad("pinned")}${since}`, ...pinLines(result.pins)];
    }
    case "unsteady":
      return [
        `${who}: ${style.bad("not reproducible")}, so not proved`,
        ...pinLines(result.pins),
        `  ${describeCheck(result.check)}`,
      ];
    case "at-prefix":
      return [`${who}: built at the prefix's own path, since ${result.reason}`];
    case "unproved":
      return [
        `${who}: ${style.bad("not proved")}, since it failed in ${result.step}: ${result.reason}`,
        ...result.logTail.map((line) => `  | ${line}`),
        ...result.hints.map((hint) => renderHint(hint, style)),
      ];
  }
}

/** What a proof says of a package elsewhere, in a few words. */
export function describeCheck(check: CheckVerdict): string {
  switch (check) {
    case "passed":
      return "its check passed at a shorter path and looked at no other";
    case "unwatched":
      return "its check passed at a shorter path, but without strace nobody saw what it opened";
    case "needs-build":
      return "its check needs what the build made, so it was not run at a shorter path";
    case "pinned-need":
      return "what it needs is built for each prefix, so its check was not run at a shorter path";
    case "none":
      return "it has no check that could be run at a shorter path";
  }
}

function buildIdLines(count: number): string[] {
  const files = showCount(count, "file");
  return count === 0 ? [] : [`  the build ids of ${files} differ, which are hashes of the rest`];
}

const shownPins = 10;

function pinLines(pins: readonly FilePin[]): string[] {
  const more = pins.length - shownPins;
  return [
    ...pins.slice(0, shownPins).map((pin) => `  ${describePin(pin)}`),
    ...(more > 0 ? [`  and ${showCount(more, "more place")}`] : []),
    ...new Set(pins.map(({ cure }) => `  ${cure}`)),
  ];
}
