/** A build in its view: what it sees, and what it must leave alone (I7, I8). */
import * as fs from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Layer } from "../../src/builder/index.ts";
import { digestOfManifest } from "../../src/core/index.ts";
import {
  createSite,
  failureOf,
  isolation,
  noView,
  pathsOf,
  type Site,
  world,
  writeFiles,
} from "./site.ts";

const word = isolation.kind === "none" ? ` (skipped: ${isolation.reason})` : "";

let site: Site;
beforeEach(() => {
  site = createSite();
});
afterEach(() => site.remove());

function makeLayers(length: number, onDisk = true): Layer[] {
  return Array.from({ length }, (_value, index) => {
    const tree = `${site.root}/store/many${index}`;
    if (onDisk) writeFiles(tree, { [`share/${index}`]: "" });
    return { package: `many${index}`, tree, manifest: [] };
  });
}

const shell = (script: string) => ({ name: "mine", build: { script } });

describe.skipIf(noView)(`what a build sees${word}`, { timeout: 30_000 }, () => {
  const user = {
    name: "user",
    files: { "user.c": '#include "greet.h"\nint main(void) { return GREET; }\n' },
    build: { script: 'mkdir -p "$PREFIX/bin" && cc -o "$PREFIX/bin/user" user.c' },
  };

  test("a header of a declared dependency is there, an undeclared one is named", async () => {
    const libgreet = await site.layer("libgreet", { "include/greet.h": "#define GREET 7\n" });
    fs.mkdirSync(`${site.prefix}/include`, { recursive: true });
    fs.writeFileSync(`${site.prefix}/include/greet.h`, "#define GREET 8\n");

    expect(pathsOf(await site.build(user, { layers: [libgreet] }))).toEqual(["bin/user"]);
    const whoProvides = (kind: string, name: string) =>
      kind === "header" && name === "greet.h" ? ["libgreet"] : [];
    const failed = failureOf(await site.build(user, {}, { whoProvides }));
    expect(failed.reason).toBe("the header greet.h is missing");
    expect(failed.hints).toEqual([
      "include/greet.h comes from libgreet: add it to depends.run, or to depends.build if only the build needs it.",
    ]);
    expect(failed.step).toBe("script");
  });

  test("nothing of the live prefix is seen or changed", async () => {
    fs.mkdirSync(site.prefix);
    fs.writeFileSync(`${site.prefix}/live`, "old");
    const script = 'test ! -e "$PREFIX/live" && echo new >"$PREFIX/live"';
    expect(pathsOf(await site.build(shell(script)))).toEqual(["live"]);
    expect(fs.readFileSync(`${site.prefix}/live`, "utf8")).toBe("old");
    expect(fs.readdirSync(site.prefix)).toEqual(["live"]);
  });

  test("the caller's environment stays outside", async () => {
    process.env["TENON_TEST_SECRET"] = "x";
    const script =
      'env | sed "s/=.*//" | sort >"$PREFIX/names"; env >"$PREFIX/all"; umask >"$PREFIX/umask"';
    const outcome = await site.build({
      name: "mine",
      build: { script, env: { OPT: "${PREFIX}/opt" } },
    });
    delete process.env["TENON_TEST_SECRET"];
    const { tree } = site.asLayer("mine", outcome);
    expect(fs.readFileSync(`${tree}/names`, "utf8").split("\n").filter(Boolean)).toEqual(
      [
        ..."ACLOCAL_PATH CMAKE_BUILD_PARALLEL_LEVEL CMAKE_LIBRARY_PATH CMAKE_PREFIX_PATH".split(
          " ",
        ),
        ..."CPATH DESTDIR HOME".split(" "),
        ..."JOBS LANG LDFLAGS LD_RUN_PATH LIBRARY_PATH MAKEFLAGS OPT PACKAGE_NAME PACKAGE_VERSION".split(
          " ",
        ),
        ..."PATH PKG_CONFIG_PATH PREFIX PWD PYTHONDONTWRITEBYTECODE PYTHONHASHSEED".split(" "),
        ..."PYTHONNOUSERSITE SOURCE_DATE_EPOCH SOURCE_DIR TERM TMPDIR TZ".split(" "),
      ].sort(),
    );
    const all = fs.readFileSync(`${tree}/all`, "utf8");
    expect(all).toContain(`OPT=${site.prefix}/opt\n`);
    expect(all).toContain("HOME=/tenon-build/mine/home\n");
    expect(fs.readFileSync(`${tree}/umask`, "utf8")).toBe("0022\n");
  });

  test("it runs as the caller, with a loopback and no other network", async () => {
    const script =
      'id -u >"$PREFIX/id"; grep -c 127.0.0.1 /proc/net/fib_trie >"$PREFIX/loopback"; wc -l </proc/net/route >"$PREFIX/routes"';
    const { tree } = site.asLayer("mine", await site.build(shell(script)));
    const read = (name: string) => Number(fs.readFileSync(`${tree}/${name}`, "utf8"));
    expect(read("id")).toBe(process.getuid?.());
    expect(read("loopback")).toBeGreaterThan(0);
    expect(read("routes")).toBe(1);
  });

  test("one that is built online has the machine's network, and its settings in no command line", async () => {
    const script =
      'readlink /proc/self/ns/net >"$PREFIX/net"; cat /proc/[0-9]*/cmdline >"$PREFIX/lines"; printf %s "$PIP_PROXY" >"$PREFIX/proxy"';
    const online = { PIP_PROXY: "http://me:s3cret@x.test" };
    const { tree } = site.asLayer("mine", await site.build(shell(script), { online }));
    const read = (name: string) => fs.readFileSync(`${tree}/${name}`, "utf8");
    expect(read("net").trim()).toBe(fs.readlinkSync("/proc/self/ns/net"));
    expect(read("proxy")).toBe(online.PIP_PROXY);
    expect(read("lines")).toContain("PREFIX=");
    expect(read("lines")).not.toContain("s3cret");
    const failed = failureOf(await site.build(shell("exit 1"), { online }));
    expect(failed.step).toBe("script");
    const left = fs.readdirSync(site.root, { recursive: true, encoding: "utf8" });
    expect(left.some((name) => name.endsWith("/entry.json"))).toBe(true);
    for (const name of left.filter((each) => /entry\.json$|\.log$/.test(each)))
      expect(fs.readFileSync(`${site.root}/${name}`, "utf8")).not.toContain("s3cret");
  });
});

describe.skipIf(noView)(`the layers of a view${word}`, { timeout: 30_000 }, () => {
  test.each([200, 498])("%i layers, in the check too", async (length) => {
    const layers = makeLayers(length);
    const script = 'ls "$PREFIX/share" | wc -l >"$PREFIX/count"';
    const outcome = await site.build({ ...shell(script), check: script }, { layers });
    const { tree } = site.asLayer("mine", outcome);
    expect(fs.readFileSync(`${tree}/count`, "utf8").trim()).toBe(String(length));
  });

  test("more layers than the kernel takes are refused in words", async () => {
    const failed = failureOf(await site.build(shell("true"), { layers: makeLayers(499, false) }));
    expect(failed.reason).toBe("its view would have 500 layers, and the kernel takes at most 499");
  });

  test("packages that came out identical share one folder", async () => {
    const one = await site.layer("dependency", { x: "1" });
    const layers = [one, { ...one, package: "other" }];
    const outcome = await site.build(shell('cp "$PREFIX/x" "$PREFIX/y"'), { layers });
    expect(pathsOf(outcome)).toEqual(["y"]);
  });

  test("the topmost layer wins", async () => {
    const layers = [await site.layer("a", { x: "a" }), await site.layer("b", { x: "b", y: "b" })];
    const { tree } = site.asLayer(
      "mine",
      await site.build(shell('cat "$PREFIX/x" "$PREFIX/y" >"$PREFIX/xy"'), { layers }),
    );
    expect(fs.readFileSync(`${tree}/xy`, "utf8")).toBe("ab");
  });
});

describe.skipIf(noView)(`what a build leaves${word}`, () => {
  test("spaces, commas and colons in the paths", async () => {
    site.remove();
    site = createSite({ prefix: "my prefix, it's:here", scratch: "a b,c:d=e\\" });
    const base = await site.layer("base", { "include/base.h": "#define BASE 1\n" });
    const script = 'test -f "$PREFIX/include/base.h"; echo 1 >"$PREFIX/one"; pwd >"$PREFIX/place"';
    const outcome = await site.build(shell(script), { layers: [base] });
    expect(pathsOf(outcome)).toEqual(["one", "place"]);
  });

  test("a store below the prefix, which the view covers", async () => {
    const base = await site.layer("base", { x: "1" });
    const tree = `${site.prefix}/store/base`;
    fs.mkdirSync(`${site.prefix}/store/scratch`, { recursive: true });
    fs.renameSync(base.tree, tree);
    const outcome = await site.build(
      {
        ...shell('cp "$PREFIX/x" "$PREFIX/y"; test ! -e "$PREFIX/store"'),
        check: 'cat "$PREFIX/y"',
      },
      { layers: [{ ...base, tree }], scratch: `${site.prefix}/store/scratch` },
    );
    expect(pathsOf(outcome)).toEqual(["y"]);
  });

  test("neither the work folder nor the folders of dependencies are in the stage", async () => {
    const base = await site.layer("base", { "lib/base/x": "1", "share/y": "2" });
    const script =
      'echo 1 >"$TMPDIR/t"; find "$PREFIX" -exec touch {} +; chmod 700 "$PREFIX/var/lib/tenon/build"; echo 1 >"$PREFIX/share/mine"';
    const outcome = await site.build(shell(script), { layers: [base] });
    if (outcome.kind !== "built") throw new Error(JSON.stringify(outcome));
    expect(outcome.manifest.map(({ path }) => path)).toEqual(["share", "share/mine"]);
    expect(fs.readdirSync(outcome.stage)).toEqual(["share"]);
  });

  test("a link in the place of a folder above the work folder is not followed", async () => {
    const outside = `${site.root}/outside`;
    fs.mkdirSync(`${outside}/lib/tenon/build/mine`, { recursive: true });
    const script = `rm -r "$PREFIX/var"; ln -s ${outside} "$PREFIX/var"; echo 1 >"$PREFIX/mine"`;
    const outcome = await site.build(shell(script));
    expect(pathsOf(outcome)).toEqual(["mine", "var"]);
    expect(fs.existsSync(`${outside}/lib/tenon/build/mine`)).toBe(true);
  });

  test("two scratch folders, one result: debug information names the same paths", async () => {
    const parts = {
      name: "mine",
      files: { "mine.c": "int main(void) { return 0; }\n" },
      build: {
        script: 'mkdir -p "$PREFIX/bin" && cc -g -o "$PREFIX/bin/mine" "$SOURCE_DIR/mine.c"',
      },
    };
    const digests = [];
    for (let round = 0; round < 2; round += 1) {
      const outcome = await site.build(parts);
      if (outcome.kind !== "built") throw new Error(JSON.stringify(outcome));
      digests.push(digestOfManifest(outcome.manifest));
    }
    expect(digests[1]).toBe(digests[0]);
  });

  test("an empty stage is noted, and the steps are timed", async () => {
    const outcome = await site.build(shell("true"));
    expect(outcome).toMatchObject({ kind: "built", manifest: [] });
    if (outcome.kind !== "built") return;
    expect(outcome.notes).toContain("it put nothing into the prefix");
    expect(outcome.steps.map(({ name }) => name)).toEqual(["source", "script", "stage"]);
    expect(outcome.steps[1]?.userMs).toBeTypeOf("number");
    expect(outcome.steps[1]?.maxRssBytes).toBeGreaterThan(500_000);
  });

  test("what is written among tenon's own records is refused", async () => {
    const failed = failureOf(await site.build(shell('echo 1 >"$PREFIX/var/lib/tenon/lock"')));
    expect(failed.reason).toContain("var/lib/tenon");
  });
});

describe.skipIf(noView)(`files of dependencies${word}`, () => {
  const files = { "bin/x": "libfoo's", "lib/foo/a": "a", "lib/foo/b": "b" };

  test("writing over one names both", async () => {
    const layers = [await site.layer("libfoo", files)];
    const failed = failureOf(await site.build(shell('echo mine >"$PREFIX/bin/x"'), { layers }));
    expect(failed.step).toBe("stage");
    expect(failed.reason).toBe("it wrote over bin/x, which belongs to libfoo");
    expect(failed.hints.join()).toContain("takes-over");
  });

  test("unless the recipe allows it", async () => {
    const layers = [await site.layer("libfoo", files)];
    const parts = { ...shell('echo mine >"$PREFIX/bin/x"'), stage: { takesOver: ["bin/x"] } };
    expect(pathsOf(await site.build(parts, { layers }))).toEqual(["bin/x"]);
  });

  test("removing one, or a folder of them", async () => {
    const layers = [await site.layer("libfoo", files)];
    const failed = failureOf(
      await site.build(shell('rm -r "$PREFIX/bin/x" "$PREFIX/lib/foo"'), { layers }),
    );
    expect(failed.reason).toBe(
      "it removed bin/x, which belongs to libfoo; it removed lib/foo/a, which belongs to libfoo; it removed lib/foo/b, which belongs to libfoo",
    );
  });

  test("removing a folder and making it anew", async () => {
    const layers = [await site.layer("libfoo", files)];
    const script =
      'cd "$PREFIX/lib" && cp -R foo "$TMPDIR" && rm -r foo && mkdir foo && cp "$TMPDIR/foo/a" foo';
    const failed = failureOf(await site.build(shell(script), { layers }));
    expect(failed.reason).toBe("it removed lib/foo/b, which belongs to libfoo");
  });

  test("one that was only touched stays the dependency's", async () => {
    const layers = [await site.layer("libfoo", files)];
    const script = 'touch "$PREFIX/bin/x"; cp "$PREFIX/bin/x" "$PREFIX/bin/y"';
    expect(pathsOf(await site.build(shell(script), { layers }))).toEqual(["bin/y"]);
  });

  test("changing its mode is writing over it", async () => {
    const layers = [await site.layer("libfoo", files)];
    const failed = failureOf(await site.build(shell('chmod 755 "$PREFIX/bin/x"'), { layers }));
    expect(failed.reason).toBe("it wrote over bin/x, which belongs to libfoo");
  });
});

describe.skipIf(noView)(`where the machine's root cannot be exchanged${word}`, () => {
  test("the new one is moved over it, and a build can still have its own namespaces", async () => {
    const { processes } = world;
    const run: typeof processes.run = (command) =>
      processes.run({
        ...command,
        args: (command.args ?? []).map((each) => each.replace("pivot_root . .", "false")),
      });
    const script =
      'pwd >"$PREFIX/place"; ! echo 1 >/usr/here; ls /proc/1/root/ && exit 1; umount -l "$PREFIX" && exit 1; unshare -Urm true';
    const moved = { world: { ...world, processes: { ...processes, run } } };
    const { tree } = site.asLayer("mine", await site.build(shell(script), {}, moved));
    expect(fs.readFileSync(`${tree}/place`, "utf8")).toBe("/tenon-build/mine/src\n");
    expect(fs.existsSync("/usr/here")).toBe(false);
  });
});

describe.skipIf(noView)(`a view without a root of its own${word}`, () => {
  test("has the work folder in the prefix, and the build in its place", async () => {
    if (isolation.kind === "none") return;
    const script = 'pwd >"$PREFIX/place"; ! umount -l "$PREFIX" || exit 1';
    const changes = { isolation: { ...isolation, root: false } };
    const { tree } = site.asLayer("mine", await site.build(shell(script), changes));
    const place = fs.readFileSync(`${tree}/place`, "utf8");
    expect(place).toBe(`${site.prefix}/var/lib/tenon/build/mine/src\n`);
  });
});

describe.skipIf(noView)(`what tenon writes for a check${word}`, () => {
  test("does not follow a link that the build has left in its own folder", async () => {
    const outside = `${site.root}/outside`;
    fs.mkdirSync(outside);
    const script = `rm -r ../tenon && ln -s ${outside} ../tenon && echo 1 >"$PREFIX/mine"`;
    const outcome = await site.build({ ...shell(script), check: 'test -f "$PREFIX/mine"' });
    expect(pathsOf(outcome)).toEqual(["mine"]);
    expect(fs.readdirSync(outside)).toEqual([]);
  });
});

describe.skipIf(noView)(`the check${word}`, () => {
  test("sees the package in its place, and leaves nothing in it", async () => {
    const check =
      'test "$(cat "$PREFIX/mine")" = 1 && echo 2 >"$PREFIX/mine" && echo 3 >"$PREFIX/other"';
    const outcome = await site.build({ ...shell('echo 1 >"$PREFIX/mine"'), check });
    expect(pathsOf(outcome)).toEqual(["mine"]);
    const { tree } = site.asLayer("mine", outcome);
    expect(fs.readFileSync(`${tree}/mine`, "utf8")).toBe("1\n");
  });

  test("fails the package, with its exit code and the end of its log", async () => {
    const failed = failureOf(await site.build({ ...shell("true"), check: "echo broken; exit 3" }));
    expect(failed).toMatchObject({ step: "check", exitCode: 3, logTail: ["broken"] });
    expect(failed.reason).toBe("sh ended with exit code 3");
  });

  test("is left out when not asked for", async () => {
    const outcome = await site.build({ ...shell("true"), check: "exit 3" }, { check: false });
    expect(outcome.kind).toBe("built");
  });
});
