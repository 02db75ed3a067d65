/**
 * Whatever a cache answers, nothing wrong is accepted: bits, lengths, order, time, keys, and files in the place of others.
 * `TENON_MUTATIONS=10000` for as many; `TENON_SEED` for others than last time.
 */
import { expect, test } from "vitest";
import {
  createSimulatedDisk,
  createSimulatedWorld,
  type SimulatedDisk,
} from "../../src/world/simulated/index.ts";
import { openStore } from "../../src/store/index.ts";
import {
  ask,
  cacheFolder,
  ci,
  keyFor,
  newMachine,
  nowMs,
  push,
  resultOf,
  second,
  stranger,
  take,
} from "../cache/exchange.ts";

const count = Number(process.env["TENON_MUTATIONS"] ?? 300);
const seed = Number(process.env["TENON_SEED"] ?? 1);
const packages = [
  { name: "a", text: "of a ".repeat(50) },
  { name: "b", text: "of b ".repeat(500) },
];
const yearMs = 365 * 24 * 60 * 60 * 1000;

test(
  `${count} mutated answers, seed ${seed}`,
  async () => {
    const disk = createSimulatedDisk();
    disk.makeDirectory("/srv");
    const pusher = newMachine(disk, "/pusher");
    const expected = new Map(packages.map((each) => [each.name, resultOf(pusher, each).artifact]));
    await push(pusher, ci, { name: "a", text: "an old one" });
    const old = snapshot(disk);
    await push(pusher, ci, ...packages);
    await push(pusher, second, ...packages);
    await push(pusher, stranger, { name: "a", text: "evil" }, { name: "b", text: "evil" });
    const good = snapshot(disk);
    const random = randomFrom(seed);
    const counts = { taken: 0, missing: 0, refused: 0, unreachable: 0, wrong: 0 };
    for (let round = 0; round < count; round += 1) {
      const isLate = random(20) === 0;
      let answers: Answers = good;
      const world = createSimulatedWorld({
        clock: { startMs: isLate ? nowMs + 2 * yearMs : nowMs, seed: round },
        site: ({ url }) => answers.get(url.slice("https://c.test/".length)),
      });
      const store = openStore(world, "/taker", { sync: false });
      const machine = { disk: world.disk, world, store };
      // Once all is right: what was put back since is then known to be old.
      await ask(machine, [ci, second], { url: "https://c.test" });
      answers = mutate(good, old, random);
      const require = 1 + random(2);
      const asked = await ask(machine, [ci, second], { url: "https://c.test", require });
      for (const { name } of packages) {
        const { kind } = await take(asked, name);
        const artifact = store.lookUp(keyFor(name))?.artifact;
        const isRight = kind === "taken" && artifact === expected.get(name) && !isLate;
        const isWrong = kind === "taken" ? !isRight : artifact !== undefined;
        counts[isWrong ? "wrong" : kind] += 1;
      }
    }
    process.stdout.write(`${JSON.stringify(counts)}\n`);
    expect(counts.wrong).toBe(0);
    expect(counts.refused + counts.missing).toBeGreaterThan(0);
    expect(counts.taken).toBeGreaterThan(0);
  },
  24 * 60 * 60 * 1000,
);

type Answers = ReadonlyMap<string, Buffer>;

function snapshot(disk: SimulatedDisk, folder = cacheFolder): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const { name, type } of disk.list(folder)) {
    const path = `${folder}/${name}`;
    if (type === "directory")
      for (const [each, bytes] of snapshot(disk, path)) files.set(each, bytes);
    else files.set(path.slice(cacheFolder.length + 1), Buffer.from(disk.readFile(path)));
  }
  return files;
}

/** Mulberry32. */
function randomFrom(start: number): (below: number) => number {
  let state = start;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** One to three files of the cache are not what they were. */
function mutate(good: Answers, old: Answers, random: (below: number) => number): Answers {
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
