/** Prefixes, workspaces and stores of others are refused, unless they are trusted (I15). */
import { describe, expect, test } from "vitest";
import { listPackages, lookAtPrefix, readGraph } from "../../src/library/index.ts";
import { joinPackages } from "../../src/run/join.ts";
import { guardOf, openTrustedStore, requireTrustedPrograms } from "../../src/trust/trust.ts";
import { type Machine } from "../../src/world/index.ts";
import { createSimulatedWorld, type SimulatedDisk } from "../../src/world/simulated/index.ts";
import { directory, openWorkspace, optionsFor, pretendBuild } from "../workspace/workspace.ts";

const prefix = `${directory}/prefix`;
const another: Partial<Machine> = { userId: 1001 };

async function ofMe(): Promise<SimulatedDisk> {
  const workspace = openWorkspace({ a: {} });
  pretendBuild(workspace, "a", { "share/a": "a" });
  await joinPackages(workspace.session, workspace.resolver, ["a"]);
  return workspace.disk;
}

async function list(
  disk: SimulatedDisk,
  machine: Partial<Machine>,
  more: object = {},
): Promise<string[]> {
  const world = createSimulatedWorld({ disk, machine });
  const layout = await lookAtPrefix(world, { ...optionsFor([]), prefix, ...more });
  return listPackages(world, layout).map(({ name }) => name);
}

test("the root of the machine is no prefix", () =>
  expect(list(createSimulatedWorld({}).disk as SimulatedDisk, {}, { prefix: "/" })).rejects.toThrow(
    expect.objectContaining({
      code: "PREFIX_IS_ROOT",
      hints: [expect.stringContaining("/opt/stack")],
    }),
  ));

describe("a prefix of another person", () => {
  test.each([
    ["another person", another],
    ["root", { userId: 0 }],
  ])("is refused to %s, with names and the way to go on", async (_who, machine) => {
    const disk = await ofMe();
    await expect(list(disk, machine)).rejects.toThrow(
      expect.objectContaining({
        kind: "machine",
        code: "OWNED_BY_ANOTHER",
        message: expect.stringMatching(/prefix belongs to me, not to (another|root), who/),
        hints: expect.arrayContaining([expect.stringContaining(`\`--trust ${prefix}\``)]),
      }),
    );
  });

  test("is believed where the command says so, for it or a folder above", async () => {
    const disk = await ofMe();
    for (const folder of [prefix, directory, "/"]) {
      expect(await list(disk, another, { trust: [folder] })).toEqual(["a"]);
    }
    for (const folder of [`${prefix}/var`, `${directory}/pre`]) {
      await expect(list(disk, another, { trust: [folder] })).rejects.toThrow("belongs to me");
    }
  });

  test.each([
    ["/home/another/.config/tenon/config.toml", { HOME: "/home/another" }],
    ["/xdg/tenon/config.toml", { HOME: "/home/another", XDG_CONFIG_HOME: "/xdg" }],
    ["/etc/tenon/config.toml", {}],
  ])("is believed where %s says so", async (file, environment) => {
    const disk = await ofMe();
    disk.plant("/", { [file.slice(1)]: `trust = ["${directory}"]\n` });
    const as1001 = {
      readPlainFile: (path: string, limit: number) => ({
        ...disk.readPlainFile(path, limit),
        ownerId: path === file ? 1001 : 1000,
      }),
    };
    expect(await list({ ...disk, ...as1001 } as SimulatedDisk, another, { environment })).toEqual([
      "a",
    ]);
    await expect(list(disk, another, { environment })).rejects.toThrow(`${file} belongs to me`);
  });

  test("is root's own after sudo", async () => {
    const disk = await ofMe();
    const root = { userId: 0 };
    expect(await list(disk, root, { environment: { SUDO_UID: "1000" } })).toEqual(["a"]);
    await expect(list(disk, root, { environment: { SUDO_UID: "1001" } })).rejects.toThrow(
      "belongs to",
    );
    await expect(list(disk, another, { environment: { SUDO_UID: "1000" } })).rejects.toThrow(
      "belongs to",
    );
  });

  test("where a configuration is wrong, the place of the mistake is named", async () => {
    const disk = await ofMe();
    disk.plant("/etc/tenon", { "config.toml": 'trust = ["stack"]\n' });
    const world = createSimulatedWorld({ disk, machine: { userId: 0 } });
    const options = { ...optionsFor([]), prefix, environment: { SUDO_UID: "1000" } };
    const guard = guardOf(world, options, prefix);
    expect(() => guard(prefix, { ownerId: 1001, mode: 0o755 })).toThrow(
      expect.objectContaining({ message: expect.stringContaining("/etc/tenon/config.toml:1:10") }),
    );
  });
});

test.each(["/var", "/var/lib/tenon", "/var/lib/tenon/packages", "/var/lib/tenon/packages/a.json"])(
  "a prefix in which everybody may write is refused: %s",
  async (path) => {
    const disk = await ofMe();
    disk.setMode(`${prefix}${path}`, 0o777);
    await expect(list(disk, {})).rejects.toThrow(
      expect.objectContaining({
        code: "WRITABLE_BY_OTHERS",
        hints: expect.arrayContaining([expect.stringContaining(`\`chmod o-w ${prefix}${path}\``)]),
      }),
    );
    disk.setMode(`${prefix}${path}`, 0o775);
    expect(await list(disk, {})).toEqual(["a"]);
  },
);

test("root's folders are believed by everybody", async () => {
  const disk = await ofMe();
  const guard = guardOf(createSimulatedWorld({ disk, machine: another }), {}, prefix);
  expect(() => guard(prefix, { ownerId: 0, mode: 0o755 })).not.toThrow();
  expect(() => guard(`${prefix}/var`, { ownerId: 0, mode: 0o1777 })).not.toThrow();
  expect(() => guard(`${prefix}/var`, { ownerId: 0, mode: 0o777 })).toThrow("everybody may write");
});

test("in a prefix of the caller everybody may write, as long as nobody did", async () => {
  const disk = await ofMe();
  disk.setMode(prefix, 0o777);
  expect(await list(disk, {})).toEqual(["a"]);
});

test("a store of another person is refused before it is opened", async () => {
  const disk = await ofMe();
  const world = createSimulatedWorld({ disk, machine: another });
  const open = (trust: string[]): unknown =>
    openTrustedStore(world, { trust }, "/home/u/store", { sync: false });
  expect(() => open([directory])).toThrow("/home/u/store belongs to me, not to another");
  expect(open(["/home/u/store"])).toBeDefined();
});

describe("a workspace of another person", () => {
  const graph = (disk: SimulatedDisk, more: object = {}): unknown => {
    const world = createSimulatedWorld({ disk, machine: another });
    return readGraph(world, { ...optionsFor([]), packages: [], ...more });
  };

  test("is refused before its recipes are read", async () => {
    const disk = await ofMe();
    disk.plant(directory, { "packages/b.toml": "no recipe" });
    expect(() => graph(disk)).toThrow(`${directory} belongs to me, not to another`);
  });

  test("is read when it is trusted, with its store", async () => {
    const disk = await ofMe();
    expect(graph(disk, { trust: [directory, "/home/u/store"] })).toHaveLength(1);
  });

  test("has no state that leads elsewhere", async () => {
    const { disk, world } = openWorkspace({ a: {} });
    disk.plant("/home/u/private", { old: "" });
    disk.plant(`${directory}/.tenon`, { runs: { link: "/home/u/private" } });
    expect(() => readGraph(world, { ...optionsFor([]), packages: [] })).toThrow(
      `${directory}/.tenon/runs is a symbolic link`,
    );
  });
});

test("a workspace of the caller may be writable for everybody, as in many containers", async () => {
  const disk = await ofMe();
  for (const path of ["", "/tenon.toml", "/packages", "/packages/a.toml"]) {
    disk.setMode(`${directory}${path}`, 0o777);
  }
  const world = createSimulatedWorld({ disk });
  expect(readGraph(world, { ...optionsFor([]), packages: [] })).toHaveLength(1);
});

test("programs that a workspace names need the person's trust, whoever it belongs to", () => {
  const world = createSimulatedWorld({});
  const require = (trust: readonly string[]) =>
    requireTrustedPrograms(world, { trust }, { folder: directory, programs: "`ssh builder`" });
  expect(() => require([`${directory}/other`])).toThrow(
    expect.objectContaining({
      code: "UNTRUSTED_PROGRAM",
      message: expect.stringContaining("would have `ssh builder` run outside of views"),
      hints: expect.arrayContaining([expect.stringContaining(`--trust ${directory}`)]),
    }),
  );
  expect(() => require([directory])).not.toThrow();
});
