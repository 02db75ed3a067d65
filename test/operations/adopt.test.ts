/** `tenon adopt`: files that others have put into the prefix become packages as they are. */
import "../../src/cli/adopt.ts"; // a command line loads it when it runs
import { beforeEach, describe, expect, test } from "vitest";
import { adoptPackages } from "../../src/operations/adopt.ts";
import { withinPrefix } from "../../src/operations/found-packages.ts";
import type { OpenPrefix } from "../../src/operations/operate.ts";
import { layoutOf } from "../../src/prefix/index.ts";
import { createSimulatedWorld, type SimulatedWorld } from "../../src/world/simulated/index.ts";
import { type Ran, tenon } from "../cli/tenon.ts";

const prefix = "/opt/p";

let world: SimulatedWorld;
beforeEach(() => {
  world = createSimulatedWorld();
  world.disk.plant("/w", {});
  world.disk.plant(prefix, { "bin/a": "a", "lib/a/x": "x", "lib/a/y": "y", "lib/mine": "m" });
});

const on = (line: string): Promise<Ran> => tenon(`${line} --prefix ${prefix}`, {}, { world });

const adoptA = "adopt --name a --version 1.2 bin/a lib/a";

test("what is named becomes a package, a folder with all that is in it", async () => {
  const before = world.disk.status(`${prefix}/lib/a/x`)?.inode;
  expect(await on(adoptA)).toMatchObject({
    out: "adopted 1 package:\n  a 1.2, 3 files\n",
    code: 0,
  });
  expect((await on("files a")).out).toBe("bin/a\nlib/a/x\nlib/a/y\n");
  expect(world.disk.status(`${prefix}/lib/a/x`)?.inode).toBe(before);
  expect(await on("verify")).toMatchObject({ code: 0 });
  expect(await on("rollback")).toMatchObject({
    error: expect.stringContaining("took over files that were there before"),
  });
  await on("remove a");
  expect(world.disk.snapshot(prefix)).not.toHaveProperty("lib/a/x");
  expect(world.disk.status(`${prefix}/lib/mine`)).toBeDefined();
});

test("a dry run says what would be adopted", async () => {
  const before = world.disk.snapshot("/");
  expect((await on(`${adoptA} -n`)).out).toBe("would adopt 1 package:\n  a 1.2, 3 files\n");
  expect(world.disk.snapshot("/")).toEqual(before);
});

test("by a list of files, of which some are elsewhere or gone", async () => {
  const list = [`${prefix}/bin/a`, "lib/a/../a/x", "lib/gone", "/etc/a.conf"];
  world.disk.plant("/w", { "manifest.txt": `${list.join("\r\n")}\n` });
  const { error, code } = await on("adopt --name a --version 1 --manifest manifest.txt");
  expect(code).toBe(0);
  expect(error).toContain("/etc/a.conf, which /w/manifest.txt names, is not in /opt/p");
  expect(error).toContain("lib/gone is left out: not in the prefix any more");
  expect((await on("files a")).out).toBe("bin/a\nlib/a/x\n");
});

test("what another needs by --depends is protected", async () => {
  await on("adopt --name b --version 1 lib/mine");
  expect(await on(`${adoptA} --depends b`)).toMatchObject({ code: 0 });
  expect((await on("remove b")).error).toContain("not removed: a needs b");
});

describe("refused, with nothing changed", () => {
  test.each([
    [`${adoptA} --depends b`, "--depends names b, which is not in /opt/p"],
    [
      "adopt --name a --version 1 bin/none",
      "there is nothing to adopt as a: /opt/p/bin/none is not there",
    ],
    ["adopt --name a --version 1 /etc/hosts", "/etc/hosts is not in the prefix /opt/p"],
    ["adopt --name a --version 1", "there is nothing to adopt on the command line"],
    ["adopt bin/a", "what is adopted needs --name and --version"],
    ["adopt --python --name a", "--python and --colcon find names, versions and files themselves"],
    ["adopt --colcon /w bin/a", "--colcon takes no paths"],
    ["adopt --name a --version 1 --manifest list", "/w/list names no path in /opt/p"],
    ["adopt --python nope", "no Python in /opt/p has the distribution nope"],
    ["adopt --colcon /w", "it is not the merged install folder of colcon"],
  ])("%s", async (line, said) => {
    world.disk.plant("/w", { list: "/usr/bin/a\n" });
    const before = world.disk.snapshot(prefix);
    const { error, code } = await on(line);
    expect(error).toContain(said);
    expect(code).not.toBe(0);
    expect(world.disk.snapshot(prefix)).toEqual(before);
  });

  test("what packages own already, and a package that is there", async () => {
    await on(adoptA);
    expect((await on("adopt --name c --version 1 bin/a")).error).toContain("own bin/a already");
    expect((await on("adopt --name a --version 2 lib/mine")).error).toContain(
      "/opt/p has the package a 1.2 already",
    );
  });
});

const site = "lib/python3.11/site-packages";

function plantDistribution(name: string, requires: readonly string[], record = true): void {
  const info = `${name}-1.0.dist-info`;
  const requirements = requires.map((each) => `Requires-Dist: ${each}\n`).join("");
  const files = [`${name}/__init__.py`, `${info}/METADATA`, `${info}/RECORD`];
  world.disk.plant(`${prefix}/${site}`, {
    [`${name}/__init__.py`]: "",
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: 1.0\n${requirements}`,
    ...(record ? { [`${info}/RECORD`]: files.map((file) => `${file},,\n`).join("") } : {}),
  });
}

describe("distributions that pip or uv has installed", () => {
  test("all, each with what it needs", async () => {
    plantDistribution("red", ["Blue>=1; python_version>'3'", "gone", 'green; extra == "x"']);
    plantDistribution("blue", []);
    plantDistribution("green", []);
    expect((await on("adopt --python")).out).toBe(
      "adopted 3 packages:\n  blue 1.0, 3 files\n  green 1.0, 3 files\n  red 1.0, 3 files\n",
    );
    expect((await on("remove blue")).error).toContain("not removed: red needs blue");
    expect(await on("remove green")).toMatchObject({ code: 0 });
    expect((await on("adopt --python")).out).toBe("nothing to adopt: packages own what is there\n");
  });

  test("those that are named, and one without a list", async () => {
    plantDistribution("red", ["blue"]);
    plantDistribution("blue", [], false);
    expect((await on("adopt --python Red")).out).toContain("red 1.0, 3 files");
    expect((await on("adopt --python blue")).error).toContain("blue-1.0.dist-info has no RECORD");
  });
});

test("the packages of a colcon workspace, each with what it needs", async () => {
  const index = "share/colcon-core/packages";
  world.disk.plant(prefix, {
    [`${index}/msgs`]: "",
    [`${index}/node`]: "msgs:rclcpp",
    "include/msgs.h": "h",
    "share/msgs/package.xml": "<package><version>1.2.3</version></package>",
    "lib/node/run": "r",
    "share/node/package.dsv": "d",
  });
  world.disk.plant("/w", {
    "build/msgs/install_manifest.txt": `${prefix}/include/msgs.h`,
    "build/node/install.log": `${prefix}/lib/node/run\n`,
  });
  expect((await on("adopt --colcon build")).out).toBe(
    "adopted 2 packages:\n  msgs 1.2.3, 3 files\n  node 0, 3 files\n",
  );
  expect((await on("remove msgs")).error).toContain("not removed: node needs msgs");
  expect((await on("adopt --colcon build")).out).toContain("nothing to adopt");
});

describe("a staged tree that comes to files that are there", () => {
  const install = "install --name a --version 1 --stage /s";
  beforeEach(() => world.disk.plant("/s", { "bin/a": "a", "lib/a/x": "new" }));

  test("is refused, and says how it can take them over", async () => {
    const { error, code } = await on(install);
    expect(code).toBe(3);
    expect(error).toContain("add --adopt");
  });

  test("takes them over with --adopt", async () => {
    const { out, error } = await on(`${install} --adopt`);
    expect(out).toBe("installed 1 package: a 1\n");
    expect(error).toContain("lib/a/x was nobody's and is kept as /opt/p/lib/a/x.tenon-save");
    expect(await on("verify")).toMatchObject({ code: 0 });
  });

  test("needs others with --depends", async () => {
    expect((await on(`${install} --adopt --depends b`)).error).toContain("--depends names b");
    await on("adopt --name b --version 1 lib/mine");
    expect(await on(`${install} --adopt --depends b`)).toMatchObject({ code: 0 });
    expect((await on("remove b")).error).toContain("not removed: a needs b");
  });
});

test("--adopt and --depends are not for wheels", async () => {
  expect((await on("install a-1.0-py3-none-any.whl --adopt")).error).toContain(
    "--adopt and --depends are for a staged tree",
  );
});

describe("as a library", () => {
  const opened = (emit: OpenPrefix["emit"] = () => {}): OpenPrefix => ({
    world,
    layout: layoutOf(prefix),
    prefix: "/link/p",
    activity: "test",
    sync: false,
    emit,
  });

  test("what packages own already is left out, and the person is told", async () => {
    await on("adopt --name b --version 1 lib/a/x");
    const events: unknown[] = [];
    const own = { name: "a", version: "1", paths: ["bin", "lib/a"], depends: [] };
    const ended = await adoptPackages(
      opened((event) => events.push(event)),
      { packages: [own], allowSetuid: false },
    );
    expect(ended).toEqual({
      kind: "done",
      value: { kind: "adopted", packages: [{ name: "a", version: "1", files: 2 }] },
    });
    expect(events).toContainEqual({
      kind: "note",
      package: "a",
      text: "lib/a/x is left out: another package owns what is there",
    });
  });

  test.each([
    ["bin/a", "bin/a"],
    ["./bin//../lib/a/", "lib/a"],
    ["/opt/p/bin/a", "bin/a"],
    ["/opt/p/../p/bin/a", "bin/a"],
    ["/link/p/bin/a", "bin/a"],
    ["/opt/p", ""],
    ["/opt/pp/a", undefined],
    ["../a", undefined],
    ["bin/../../a", undefined],
  ])("the path %s in a prefix", (path, found) => {
    expect(withinPrefix(opened(), path)).toBe(found);
  });
});
