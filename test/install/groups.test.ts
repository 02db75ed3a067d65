/** A prefix, or a folder of one, that a group shares: what comes below it is the group's. */
import { describe, expect, test } from "vitest";
import { ancestorsOf } from "../../src/core/index.ts";
import type { Incoming } from "../../src/install/index.ts";
import { createSimulatedDisk, type SimulatedDisk } from "../../src/world/simulated/index.ts";
import {
  findings,
  layout,
  mustChange,
  type PackageSpec,
  plantPackage,
  plantStage,
  prefix,
  stages,
  worldOn,
} from "./stack.ts";

const group = 50;
const files = { "bin/a": "1", "lib/a/x/y": "1", "lib/a/l": "-> x" };
const spec: PackageSpec = { name: "a", files };

function sharedPrefix(mode: number, folder = ""): SimulatedDisk {
  const disk = createSimulatedDisk();
  const place = folder === "" ? prefix : `${prefix}/${folder}`;
  disk.plant(place, {});
  disk.setGroup(place, group);
  disk.setMode(place, mode);
  return disk;
}

async function install(disk: SimulatedDisk, ...add: readonly Incoming[]): Promise<void> {
  await mustChange(worldOn(disk), { add, remove: [] });
}

function groupsOf(disk: SimulatedDisk, paths: Iterable<string>): unknown[] {
  return [...paths].map((path) => disk.status(`${prefix}/${path}`)?.groupId);
}

const paths = Object.keys(files);
const folders = [...new Set(paths.flatMap(ancestorsOf))];

describe("a shared prefix", () => {
  test.each(["copy", "share", "link", "move"] as const)(
    "gives its group to what comes by %s, and leaves the tree it comes from alone",
    async (transfer) => {
      const disk = sharedPrefix(0o2775);
      const incoming =
        transfer === "move" ? plantStage(disk, spec) : { ...plantPackage(disk, spec), transfer };
      const before = groupOfSource(disk, incoming);
      await install(disk, incoming);
      for (const value of groupsOf(disk, [...paths, ...folders])) expect(value).toBe(group);
      for (const folder of folders) expect(modeOf(disk, folder)).toBe(0o2775);
      expect(modeOf(disk, "lib/a/x/y")).toBe(0o644);
      if (transfer !== "move") expect(groupOfSource(disk, incoming)).toBe(before);
      expect(findings(disk)).toEqual([]);
    },
  );

  test("lets all members change what is tenon's own", async () => {
    const disk = sharedPrefix(0o2775);
    await install(disk, plantPackage(disk, spec));
    await install(disk, plantPackage(disk, { ...spec, version: "2", files: { "bin/a": "2" } }));
    for (const [path, { type, mode }] of Object.entries(disk.snapshot(layout.state))) {
      const { groupId } = disk.status(`${layout.state}/${path}`) ?? {};
      expect({ path, groupId }).toEqual({ path, groupId: group });
      if (type === "directory") expect({ path, mode }).toEqual({ path, mode: 0o2775 });
    }
    expect(disk.status(layout.lock)?.mode).toBe(0o660);
  });

  test("that the group may only read stays so", async () => {
    const disk = sharedPrefix(0o2755);
    await install(disk, plantPackage(disk, spec));
    for (const folder of folders) expect(modeOf(disk, folder)).toBe(0o2755);
    expect(disk.status(layout.packages)?.mode).toBe(0o2755);
    expect(disk.status(layout.lock)?.mode).toBe(0o600);
  });
});

describe("a shared folder of a prefix that is not shared", () => {
  test("gives its group to what comes below it, and to nothing else", async () => {
    const disk = sharedPrefix(0o2770, "lib");
    await install(disk, plantStage(disk, spec));
    expect(groupsOf(disk, ["lib/a", "lib/a/x", "lib/a/x/y", "lib/a/l"])).toEqual(
      Array.from({ length: 4 }, () => group),
    );
    expect(modeOf(disk, "lib/a/x")).toBe(0o2775);
    expect(groupsOf(disk, ["bin", "bin/a", "var"])).not.toContain(group);
    expect(modeOf(disk, "bin")).toBe(0o755);
    expect(modeOf(disk, "lib")).toBe(0o2770);
  });
});

test("a folder that others may not look into stays closed to the group", async () => {
  const disk = sharedPrefix(0o2775);
  const incoming = plantPackage(disk, { name: "a", files: { "etc/secret/": "" } });
  const manifest = incoming.manifest.map((entry) =>
    entry.path === "etc/secret" ? { ...entry, mode: 0o700 } : entry,
  );
  await install(disk, { ...incoming, manifest });
  expect(modeOf(disk, "etc/secret")).toBe(0o2700);
});

test("a setuid bit is kept", async () => {
  const disk = sharedPrefix(0o2775, "bin");
  const incoming = plantPackage(disk, spec);
  disk.setMode(`${incoming.tree}/bin/a`, 0o4755);
  const manifest = incoming.manifest.map((entry) =>
    entry.path === "bin/a" ? { ...entry, mode: 0o4755 } : entry,
  );
  await install(disk, { ...incoming, manifest });
  expect(modeOf(disk, "bin/a")).toBe(0o4755);
});

function modeOf(disk: SimulatedDisk, path: string): number | undefined {
  return disk.status(`${prefix}/${path}`)?.mode;
}

function groupOfSource(disk: SimulatedDisk, { tree, transfer }: Incoming): number | undefined {
  return disk.status(`${transfer === "move" ? stages : tree}/bin/a`)?.groupId;
}
