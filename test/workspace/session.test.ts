/** What a command finds unfinished when it begins. */
import { describe, expect, test } from "vitest";
import { joinPackages } from "../../src/run/join.ts";
import { listHistory, listPackages, lookAtPrefix, openPrefix } from "../../src/library/index.ts";
import { findOwner, verify } from "../../src/operations/queries.ts";
import { openSession } from "../../src/workspace/session.ts";
import { DiskError } from "../../src/world/index.ts";
import {
  createSimulatedDisk,
  createSimulatedWorld,
  type SimulatedDisk,
  SimulatedStop,
} from "../../src/world/simulated/index.ts";
import { openWorkspace, optionsFor, pretendBuild } from "./workspace.ts";

/** A machine on which a transaction was killed after its journal was written. */
async function killedWhileJoining(): Promise<SimulatedDisk> {
  const { disk, session, resolver, ...rest } = openWorkspace({ a: {} });
  pretendBuild({ disk, session, resolver, ...rest }, "a", { "bin/a": "a", "share/a/x": "a" });
  disk.plan({
    before: (_n, { name, path }) => {
      if (name === "rename" && path.includes("/tx/") && path.includes("/new/")) disk.crash();
    },
  });
  await expect(joinPackages(session, resolver, ["a"])).rejects.toThrow(SimulatedStop);
  const next = disk.asProcess("next");
  expect(next.status(session.layout.journal)).toBeDefined();
  return next;
}

describe("the command after a killed transaction", () => {
  test("finishes it or takes it back, and says so (I2)", async () => {
    const disk = await killedWhileJoining();
    const world = createSimulatedWorld({ disk });
    const options = optionsFor([]);
    const told: string[] = [];
    const { layout } = await openPrefix(world, {
      ...options,
      emit: (event) => void told.push(event.kind === "recovered" ? event.text : event.kind),
    });
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/^(finished the|took the) interrupted transaction /);
    expect(disk.status(layout.journal)).toBeUndefined();
    const isThere = disk.status(`${layout.prefix}/bin/a`) !== undefined;
    expect(listPackages(world, layout).map(({ name }) => name)).toEqual(isThere ? ["a"] : []);
  });

  test.each(["EACCES", "EROFS", "EPERM"])(
    "that may not write (%s) says so and goes on",
    async (code) => {
      const disk = await killedWhileJoining();
      const world = createSimulatedWorld({ disk });
      disk.plan({ failFrom: { n: 0, code } });
      const events: { kind: string; text?: string }[] = [];
      const { layout } = await openPrefix(world, {
        ...optionsFor([]),
        emit: (event) => void events.push(event),
      });
      expect(events).toHaveLength(1);
      expect(events[0]?.kind).toBe("note");
      expect(events[0]?.text).toContain("an unfinished transaction that you may not finish");
      disk.plan({});
      expect(disk.status(layout.journal)).toBeDefined();
    },
  );

  test("that only looks changes nothing, answers by what is on record, and says so", async () => {
    const disk = await killedWhileJoining();
    const world = createSimulatedWorld({ disk });
    const before = disk.snapshot("/");
    disk.plan({ failFrom: { n: 0, code: "EROFS" } });
    const events: { kind: string; text?: string }[] = [];
    const emit = (event: { kind: string }): void => void events.push(event);
    const layout = await lookAtPrefix(world, { ...optionsFor([]), emit });
    expect(listPackages(world, layout)).toEqual([]);
    expect(listHistory(world, layout)).toEqual([]);
    expect(findOwner(world, layout, "bin/a")).toMatchObject({ kind: "absent" });
    const verified = await verify(world, layout, [], optionsFor([]));
    expect(verified).toMatchObject({ packages: 0, findings: [] });
    expect(events).toMatchObject([
      { kind: "note", text: expect.stringContaining(`tenon recover --prefix ${layout.prefix}`) },
    ]);
    expect(disk.snapshot("/")).toEqual(before);
  });

  test("that only looks says nothing of a transaction that is running", async () => {
    const disk = await killedWhileJoining();
    disk.asProcess("other").tryLock("/home/u/stack/prefix/var/lib/tenon/lock");
    const emit = (): void => expect.fail("there is nothing to say");
    await lookAtPrefix(createSimulatedWorld({ disk }), { ...optionsFor([]), emit });
  });

  test("does not hide any other refusal of the disk", async () => {
    const disk = await killedWhileJoining();
    disk.plan({ failFrom: { n: 0, code: "EIO" } });
    const opening = openPrefix(createSimulatedWorld({ disk }), optionsFor([]));
    await expect(opening).rejects.toThrow(DiskError);
  });

  test("leaves a transaction alone that is running", async () => {
    const disk = await killedWhileJoining();
    const other = disk.asProcess("other");
    const lock = other.tryLock("/home/u/stack/prefix/var/lib/tenon/lock");
    expect(lock).toBeDefined();
    const events: unknown[] = [];
    const { layout } = await openPrefix(createSimulatedWorld({ disk }), {
      ...optionsFor([]),
      emit: (event) => void events.push(event),
    });
    expect(events).toEqual([]);
    expect(disk.status(layout.journal)).toBeDefined();
  });
});

test("without a workspace the folder that was searched is named", () => {
  const world = createSimulatedWorld({ disk: createSimulatedDisk() });
  world.disk.plant("/home/u/elsewhere", {});
  const options = { ...optionsFor([]), directory: "/home/u/elsewhere" };
  expect(() => openSession(world, options)).toThrow(
    "there is no tenon.toml in /home/u/elsewhere or above it",
  );
});

test("a tenon.toml that is a folder, or a link to nowhere, is named", () => {
  const world = createSimulatedWorld({ disk: createSimulatedDisk() });
  world.disk.plant("/folder/tenon.toml", {});
  world.disk.plant("/link", {});
  world.disk.makeLink("/link/tenon.toml", "nowhere");
  for (const directory of ["/folder", "/link"])
    expect(() => openSession(world, { ...optionsFor([]), directory })).toThrow(
      `${directory}/tenon.toml is not a regular file, so it makes no workspace`,
    );
});
