/** Which names of a graph can be shown without covering each other, as on a map. */

export interface LabelBox {
  readonly name: string;
  /** What is written. */
  readonly label: string;
  /** Where its dot is, and how far from it the name begins; in units of the drawing. */
  readonly x: number;
  readonly y: number;
  readonly offset: number;
  /** The greater, the sooner it is shown. */
  readonly weight: number;
}

export const labelPixels = 11.5;
const linePixels = 14;
const characterPixels = 6.4;

/**
 * Names stay of one size on the screen; `scale` is pixels a unit. A name of a higher rank is
 * shown before all of lower ones.
 */
export function chooseLabels(
  boxes: readonly LabelBox[],
  { scale, rank }: { readonly scale: number; readonly rank: (name: string) => number },
): Set<string> {
  const shown = new Set<string>();
  const taken = new Map<number, { from: number; to: number; y: number }[]>();
  const ordered = boxes
    .map((box) => ({ ...box, rank: rank(box.name) }))
    .sort((a, b) => b.rank - a.rank || b.weight - a.weight);
  for (const { name, label, x, y, offset } of ordered) {
    const from = (x + offset) * scale;
    const to = from + (label.length + 2) * characterPixels;
    const line = Math.floor((y * scale) / linePixels);
    const isCovered = [line - 1, line, line + 1].some((near) =>
      taken
        .get(near)
        ?.some(
          (other) =>
            from < other.to && to > other.from && Math.abs(other.y - y * scale) < linePixels - 1,
        ),
    );
    if (isCovered) continue;
    shown.add(name);
    taken.set(line, [...(taken.get(line) ?? []), { from, to, y: y * scale }]);
  }
  return shown;
}
