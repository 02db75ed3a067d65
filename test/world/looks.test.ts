/** What was looked at is noted, and looked at again; what cannot be looked at again leaves no notes. */
import { expect, test } from "vitest";
import { lookAgain, watchWorld } from "../../src/world/looks.ts";
import {
  createSimulatedDisk,
  createSimulatedWorld,
  type SimulatedWorld,
} from "../../src/world/simulated/index.ts";

const environment = { HOME: "/home/u", LANG: "C" };
const cc = { program: "cc", args: ["--version"], environment: { PATH: "/usr/bin" } };

function openWorld(answer = "cc 12"): SimulatedWorld {
  const disk = createSimulatedDisk();
  disk.plant("/w", { a: "1", "folder/b": "2", link: { link: "a" } });
  return createSimulatedWorld({
    disk,
    answer: () => ({ outcome: ended, stdout: answer, stderr: "" }),
  });
}

const ended = { kind: "exited", code: 0 } as const;

test("each look is noted once, and the same looks have the same digest while nothing changes", async () => {
  const world = openWorld();
  const watched = watchWorld(world, environment);
  const { disk, processes } = watched.world;
  disk.readFile("/w/a");
  disk.readFile("/w/a");
  disk.list("/w/folder");
  disk.status("/w/none");
  disk.realPath("/w/link");
  disk.isWritable("/w");
  expect(watched.environment["LANG"]).toBe("C");
  expect((await processes.capture(cc)).stdout).toBe("cc 12");
  const looked = watched.looked();
  expect(looked).toMatchObject({
    paths: [
      ["content", "/w/a"],
      ["content", "/w/folder"],
      ["entry", "/w/none"],
      ["real path", "/w/link"],
      ["writable", "/w"],
    ],
    commands: [cc],
    variables: ["LANG"],
  });
  if (looked === undefined) return;
  const again = (where = world, its: Readonly<Record<string, string>> = environment) =>
    lookAgain(where, its, looked);
  expect(await again()).toBe(looked.digest);
  expect(await again(world, { ...environment, HOME: "/" })).toBe(looked.digest);
  expect(await again(world, { LANG: "de" })).not.toBe(looked.digest);
  expect(await again({ ...world, processes: openWorld("cc 13").processes })).not.toBe(
    looked.digest,
  );
  world.disk.createFile("/w/none", "");
  expect(await again()).not.toBe(looked.digest);
  world.disk.removeFile("/w/none");
  expect(await again()).toBe(looked.digest);
  world.disk.removeFile("/w/link");
  expect(await again()).toBeUndefined();
});

test("a look at all variables notes all", () => {
  const watched = watchWorld(openWorld(), environment);
  expect({ ...watched.environment }).toEqual(environment);
  expect(watched.looked()?.variables).toBeUndefined();
});

test.each<[string, (world: SimulatedWorld) => unknown]>([
  ["a change", ({ disk }) => disk.createFile("/w/new", "")],
  ["a look at mount points", ({ disk }) => disk.mountPointsBelow("/w")],
  ["a program whose end alone is told", ({ processes }) => processes.run(cc)],
  ["a question to the network", ({ network }) => network.request("http://x").catch(() => {})],
])("%s leaves no notes", async (_what, act) => {
  const watched = watchWorld(openWorld(), environment);
  watched.world.disk.status("/w");
  expect(watched.looked()?.paths).toHaveLength(1);
  await act(watched.world as SimulatedWorld);
  expect([watched.looked(), watched.isSpoilt()]).toEqual([undefined, true]);
});

test("a lock says who waits, and leaves the notes", () => {
  const watched = watchWorld(openWorld(), environment);
  watched.world.disk.tryLock("/w/lock")?.release();
  expect(watched.looked()).toMatchObject({ paths: [] });
});
