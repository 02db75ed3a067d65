/** Work on many things, a few at a time. */
import { expect, test } from "vitest";
import { eachAtOnce } from "../../src/source/index.ts";

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await Promise.resolve();
};

test("results in the items' order, four at a time", async () => {
  let running = 0;
  let most = 0;
  const results = await eachAtOnce([9, 1, 5, 3, 8, 2], async (item) => {
    most = Math.max(most, (running += 1));
    await turns(item);
    running -= 1;
    return item * 10;
  });
  expect(results).toEqual([90, 10, 50, 30, 80, 20]);
  expect(most).toBe(4);
});

test("nothing to do", async () => {
  expect(await eachAtOnce([], () => Promise.reject(new Error("no")))).toEqual([]);
});

test("after an error nothing new begins, and what runs ends before it is thrown", async () => {
  const begun: number[] = [];
  const ended: number[] = [];
  const all = eachAtOnce([1, 2, 3, 4, 5, 6, 7, 8], async (item) => {
    begun.push(item);
    await turns(item === 2 ? 1 : 20);
    if (item <= 2) throw new Error(`item ${item}`);
    ended.push(item);
  });
  await expect(all).rejects.toThrow("item 2");
  expect(begun).toEqual([1, 2, 3, 4]);
  expect(ended).toEqual([3, 4]);
});
