/** What `tenon gc --store` keeps for whom. */
import { beforeEach, expect, test } from "vitest";
import { digestOf } from "../../src/core/index.ts";
import { collectStore } from "../../src/operations/collect-store.ts";
import { layoutOf, openStore } from "../../src/store/index.ts";
import { createSimulatedDisk, createSimulatedWorld } from "../../src/world/simulated/index.ts";
import type { SimulatedDisk } from "../../src/world/simulated/index.ts";

const root = "/home/u/store";
const [pinned, idle] = [digestOf("pinned"), digestOf("idle")];
const yearMs = 365 * 24 * 3_600_000;

let machine: SimulatedDisk;
let told: string[];
beforeEach(() => {
  told = [];
  machine = createSimulatedDisk();
  machine.plant("/home/u/stack", { "tenon.lock": `sha256 = "${pinned}"\n` });
  const disk = machine.asProcess("build");
  const world = createSimulatedWorld({ disk });
  const store = openStore(world, root, { sync: false });
  store.noteUser({ prefix: "/home/u/stack/prefix", workspace: "/home/u/stack" });
  for (const sha256 of [pinned, idle]) disk.createFile(layoutOf(root).source(sha256), "source");
  disk.crash();
});

function collect() {
  const world = createSimulatedWorld({ disk: machine.asProcess("gc") });
  const later = { ...world.clock, now: () => world.clock.now() + yearMs };
  return collectStore(
    { ...world, clock: later },
    {
      store: root,
      activity: "tenon gc",
      sync: false,
      noWait: true,
      emit: (event) => void told.push(event.kind === "note" ? event.text : event.kind),
    },
  );
}

test("a source that the lock file of a workspace names stays, and another one goes", async () => {
  expect(await collect()).toMatchObject({ artifacts: 0, sources: 1, sizeBytes: 6, leftBytes: 6 });
  expect(machine.list(`${root}/sources`)).toMatchObject([{ name: pinned }]);
  expect(told).toEqual([]);
});

test("it is said of which prefix nothing is known", async () => {
  machine.plant("/home/u/stack/prefix/var/lib/tenon/packages", { "a.json": "{" });
  await collect();
  expect(told).toEqual([
    expect.stringMatching(/^what \/home\/u\/stack\/prefix has of the store is not known, so/),
  ]);
});

test("where there is no store, there is nothing to do", async () => {
  machine = createSimulatedDisk();
  expect(await collect()).toMatchObject({ artifacts: 0, sources: 0, leftBytes: 0 });
});
