/** What `tenon clone`, `tenon move` and `tenon relocate` have done, as text. */
import { describeLeft, type LeftPlace, type Transplanted } from "../library/index.ts";
import { showCount, showNumber } from "../core/index.ts";
import type { Style } from "./style.ts";

const shownPlaces = 20;

/** `isPlanned`: nothing has been done yet. */
export function renderTransplanted(
  result: Transplanted,
  { style, isPlanned }: { readonly style: Style; readonly isPlanned: boolean },
): string[] {
  const { kind, to, left } = result;
  if (kind === "refused")
    return [
      `${style.bad("refused")}: ${showCount(left.length, "place")} cannot name ${to}; nothing was changed`,
      ...showLeft(left),
      "With --force it is done all the same, and these places stay as they are.",
    ];
  const lines = [headline(result, { style, isPlanned }), ...filesOf(result)];
  if (left.length === 0) return lines;
  const still = `${showCount(left.length, "place")} ${left.length === 1 ? "does" : "do"} not name ${to}`;
  return [...lines, `${style.bad("left")}: ${still}:`, ...showLeft(left)];
}

function headline(
  { kind, from, to, packages }: Transplanted,
  { style, isPlanned }: { readonly style: Style; readonly isPlanned: boolean },
): string {
  const verb = { cloned: "clone", moved: "move", relocated: "relocate", refused: "" }[kind];
  const what = packages === 0 ? from : `${showCount(packages, "package")} of ${from}`;
  return `${style.good(isPlanned ? `would ${verb}` : kind)} ${what} to ${to}`;
}

function filesOf(result: Transplanted): string[] {
  const { kind, packages, files, rewritten, foreign, foreignRewritten } = result;
  const anew = (count: number): string =>
    count === 0 ? "as they are" : `${showNumber(count)} of them written anew for the new path`;
  const own =
    packages === 0 ? [] : [`  ${showCount(files, "file")} of packages, ${anew(rewritten)}`];
  if (foreign === 0) return own;
  if (kind === "cloned")
    return [...own, `  ${showCount(foreign, "path")} that no package owns stayed behind`];
  const others = packages === 0 ? "" : " that no package owns";
  return [...own, `  ${showCount(foreign, "file")}${others}, ${anew(foreignRewritten)}`];
}

function showLeft(left: readonly LeftPlace[]): string[] {
  const shown = left.slice(0, shownPlaces);
  const more = left.length - shown.length;
  return [
    ...shown.map((place) => `  ${describeLeft(place)}`),
    ...(more > 0 ? [`  and ${showNumber(more)} more; --json has them all`] : []),
    ...new Set(left.map(({ cure }) => `  ${cure}`)),
  ];
}
