/** Places in what is sorted, found by halving. */

/** The first index at which something holds that holds at all later ones too; `to` when at none. */
export function firstWhere(
  { from = 0, to }: { readonly from?: number; readonly to: number },
  holds: (index: number) => boolean,
): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Puts an item behind all those of a sorted list that come before it or are like it. */
export function insertSorted<Item>(
  sorted: Item[],
  item: Item,
  order: (a: Item, b: Item) => number,
): void {
  const isAfter = (index: number): boolean => order(sorted[index] as Item, item) > 0;
  sorted.splice(firstWhere({ to: sorted.length }, isAfter), 0, item);
}
