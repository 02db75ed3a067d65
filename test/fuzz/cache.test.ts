/** Whatever the files of a cache are, nothing wrong is accepted: bits, lengths, order, time, keys, and files in the place of others. */
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
import { type Answers, mutate, mutations, randomFrom } from "./changed-answers.ts";

const { count, seed } = mutations;
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
