/** Several downloads at a time. */

const parallelDownloads = 4;

/**
 * Four at a time unless it is said otherwise; the results in the items' order. After an error nothing new is begun, and the
 * first one is thrown when nothing runs any more.
 */
export async function eachAtOnce<Item, Result>(
  items: readonly Item[],
  act: (item: Item) => Promise<Result>,
  atOnce = parallelDownloads,
): Promise<Result[]> {
  const results: Result[] = [];
  const thrown: unknown[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length && thrown.length === 0) {
      const index = next++;
      try {
        results[index] = await act(items[index] as Item);
      } catch (error) {
        thrown.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  if (thrown.length > 0) throw thrown[0];
  return results;
}
