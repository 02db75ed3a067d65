/**
 * What a cache answers, changed. `TENON_MUTATIONS=10000` for as many rounds; `TENON_SEED` for others than last time.
 */
import { ci, second, stranger } from "../cache/exchange.ts";

export const mutations = {
  count: Number(process.env["TENON_MUTATIONS"] ?? 300),
  seed: Number(process.env["TENON_SEED"] ?? 1),
};

/** By the path of a file, or by the name of what a server keeps. */
export type Answers = ReadonlyMap<string, Buffer>;

/** Mulberry32. */
export function randomFrom(start: number): (below: number) => number {
  let state = start;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** One to three files of the cache are not what they were. */
export function mutate(good: Answers, old: Answers, random: (below: number) => number): Answers {
  const answers = new Map(good);
  const paths = [...good.keys()].filter((path) => !path.endsWith(".lock"));
  const any = (): string => paths[random(paths.length)] ?? "";
  for (let changes = 1 + random(3); changes > 0; changes -= 1) {
    const path = any();
    const bytes = Buffer.from(answers.get(path) ?? "");
    const at = random(bytes.length || 1);
    switch (random(10)) {
      case 0:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
        break;
      case 1:
        answers.set(path, bytes.subarray(0, at));
        continue;
      case 2:
        answers.set(path, Buffer.concat([bytes, bytes.subarray(0, at + 1)]));
        continue;
      case 3:
        answers.set(path, Buffer.concat([bytes.subarray(at), bytes.subarray(0, at)]));
        continue;
      case 4:
        answers.set(path, good.get(any()) ?? bytes);
        continue;
      case 5:
        answers.set(path, old.get(path) ?? Buffer.alloc(0));
        continue;
      case 6:
        answers.delete(path);
        continue;
      case 7:
        bytes.fill(0, at, Math.min(at + 16, bytes.length));
        break;
      case 8:
        answers.set(path, Buffer.from("<html><body>502 Bad Gateway</body></html>"));
        continue;
      default: {
        // Text in the place of other text of the same length: a digest, a letter of JSON, another key.
        const text = bytes.toString("latin1");
        const [from, to] = [ci.id, random(2) === 0 ? second.id : stranger.id];
        answers.set(path, Buffer.from(text.replaceAll(from, to), "latin1"));
        continue;
      }
    }
    answers.set(path, bytes);
  }
  return answers;
}
