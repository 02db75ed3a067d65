/** Sealing stages: what is dropped, what is recorded, what is refused. */
import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { digestOf, toRow } from "../../src/core/index.ts";
import { type SealedStage, sealStage, type SealRules } from "../../src/stage/index.ts";
import { createRealWorld, type Disk, DiskError } from "../../src/world/index.ts";
import { temporaryFolder, treeOf } from "../archive/temporary.ts";

const { disk } = createRealWorld({});
const folder = temporaryFolder();

function stageWith(files: readonly string[] = []): string {
  const stage = fs.mkdtempSync(join(folder, "stage-"));
  for (const path of files) {
    fs.mkdirSync(join(stage, path, ".."), { recursive: true });
    if (path.endsWith("/")) fs.mkdirSync(join(stage, path));
    else fs.writeFileSync(join(stage, path), path);
  }
  return stage;
}

function seal(stage: string, rules: Partial<SealRules> = {}, on: Disk = disk): SealedStage {
  return sealStage(on, stage, { package: "greet", drop: [], ...rules });
}

const pathsOf = (sealed: SealedStage): string[] => sealed.manifest.map(({ path }) => path);

describe("what is recorded", () => {
  test("every kind of entry, with its mode as it is", () => {
    const stage = stageWith(["bin/greet", "empty/", "lib/a b/ö"]);
    fs.chmodSync(join(stage, "bin/greet"), 0o755);
    fs.chmodSync(join(stage, "lib"), 0o1750);
    fs.symlinkSync("../bin/greet", join(stage, "lib/link"));
    fs.linkSync(join(stage, "bin/greet"), join(stage, "lib/hard"));
    const sha256 = digestOf("bin/greet");
    expect(seal(stage).manifest.map(toRow)).toEqual([
      ["d", "bin", "0755"],
      ["f", "bin/greet", "0755", 9, sha256],
      ["d", "empty", "0755"],
      ["d", "lib", "1750"],
      ["d", "lib/a b", "0755"],
      ["f", "lib/a b/ö", "0644", 10, digestOf("lib/a b/ö")],
      ["f", "lib/hard", "0755", 9, sha256],
      ["l", "lib/link", "../bin/greet"],
    ]);
  });

  test("sealing again gives the same", () => {
    const stage = stageWith(["a/b", "a/__pycache__/b.pyc"]);
    expect(seal(stage).manifest).toEqual(seal(stage).manifest);
  });

  test("setuid files when they are allowed, and links to the machine", () => {
    const stage = stageWith(["su"]);
    fs.chmodSync(join(stage, "su"), 0o4755);
    fs.symlinkSync("/usr/bin/python3", join(stage, "python"));
    const sealed = seal(stage, { allowSetuid: true });
    expect(sealed.manifest.map(toRow)[0]).toEqual(["l", "python", "/usr/bin/python3"]);
    expect(sealed.manifest[1]).toMatchObject({ path: "su", mode: 0o4755 });
  });

  test("a set-group-ID bit that comes from the stage's own folder is taken off", () => {
    const stage = stageWith();
    fs.chmodSync(stage, 0o2755);
    fs.mkdirSync(join(stage, "made"));
    fs.chmodSync(join(stage, "made"), 0o2755);
    expect(seal(stage).manifest[0]).toMatchObject({ path: "made", mode: 0o755 });
    expect(fs.statSync(join(stage, "made")).mode & 0o7777).toBe(0o755);
  });
});

describe("what is removed", () => {
  test("by-products, and folders that held nothing else", () => {
    const stage = stageWith([
      "m/a.py",
      "m/__pycache__/a.cpython-311.pyc",
      "m/__pycache__/sub/x",
      "m/old.pyc",
      "m/old.pyo",
      "only/__pycache__/b.pyc",
      "only/deeper/c.pyc",
      "kept/",
    ]);
    const sealed = seal(stage);
    expect(pathsOf(sealed)).toEqual(["kept", "m", "m/a.py"]);
    expect(sealed.byProducts).toBe(6);
    expect(treeOf(stage)).toHaveLength(3);
  });

  test("dropped paths, but never through a link", () => {
    const outside = stageWith(["file"]);
    const stage = stageWith(["share/doc/x/y", "share/man/z", "bin/x"]);
    fs.symlinkSync(outside, join(stage, "out"));
    const drop = ["share/doc", "bin/x", "missing/path", "out/file"];
    expect(pathsOf(seal(stage, { drop }))).toEqual([
      "bin",
      "out",
      "share",
      "share/man",
      "share/man/z",
    ]);
    expect(fs.existsSync(join(outside, "file"))).toBe(true);
    expect(fs.existsSync(join(stage, "share/doc"))).toBe(false);
  });

  test("whiteouts are removed and told", () => {
    const stage = stageWith(["lib/new"]);
    execFileSync("mknod", [join(stage, "lib/gone"), "c", "0", "0"]);
    const sealed = seal(stage);
    expect(sealed.deleted).toEqual(["lib/gone"]);
    expect(pathsOf(sealed)).toEqual(["lib", "lib/new"]);
    expect(fs.existsSync(join(stage, "lib/gone"))).toBe(false);
  });
});

const namespaces = ["--user", "--map-root-user", "--mount"];
const hasOverlay = spawnSync("unshare", [...namespaces, "true"]).status === 0;

test.skipIf(!hasOverlay)("what an overlay leaves is cleaned (needs user namespaces)", () => {
  const lower = stageWith(["lib/gone", "lib/kept", "whole/old", "pkg/mod.py"]);
  const upper = stageWith();
  const work = stageWith();
  const merged = stageWith();
  const script = [
    `mount -t overlay overlay -o "userxattr,lowerdir=$1,upperdir=$2,workdir=$3" "$4" && cd "$4"`,
    "rm lib/gone && rm -r whole && mkdir whole && echo new >whole/new",
    "mkdir pkg/__pycache__ && echo x >pkg/__pycache__/mod.pyc && echo changed >lib/kept",
  ].join(" && ");
  const args = [...namespaces, "sh", "-c", script, "sh", lower, upper, work, merged];
  execFileSync("unshare", args);
  expect(fs.lstatSync(join(upper, "lib/gone")).isCharacterDevice()).toBe(true);
  const sealed = seal(upper, { overlay: true });
  expect(pathsOf(sealed)).toEqual(["lib", "lib/kept", "whole", "whole/new"]);
  expect(sealed).toMatchObject({ deleted: ["lib/gone"], opaque: ["whole"], byProducts: 1 });
  for (const path of ["lib", "lib/kept", "whole"])
    expect(disk.attributes(join(upper, path)).filter((name) => name.includes("overlay"))).toEqual(
      [],
    );
});

function giveAttribute(file: string, name: string, value: string): boolean {
  const code = "import os, sys; os.setxattr(sys.argv[1], sys.argv[2], bytes.fromhex(sys.argv[3]))";
  return spawnSync("python3", ["-c", code, file, name, value]).status === 0;
}

/** cap_setuid, effective and permitted (linux/capability.h, VFS_CAP_REVISION_2). */
const capability = `01000002${"80000000"}${"00".repeat(12)}`;
const capable = stageWith(["bin/t"]);
const hasCapabilities = giveAttribute(join(capable, "bin/t"), "security.capability", capability);

describe("extended attributes", () => {
  test.skipIf(!hasCapabilities)(
    "that let a file run as somebody else count as setuid (needs root)",
    () => {
      for (const rules of [{}, { overlay: true }, { readOnly: true }]) {
        expect(() => seal(capable, rules)).toThrow(/"bin\/t" has file capabilities/);
      }
      expect(seal(capable, { readOnly: true, allowSetuid: true }).capable).toEqual(["bin/t"]);
      expect(seal(stageWith(["bin/t"]), { readOnly: true, allowSetuid: true }).capable).toEqual([]);
    },
  );

  test("that are a machine's own are removed, or said to be there", (context) => {
    const stage = stageWith(["a/b"]);
    for (const path of ["a", "a/b"]) {
      if (!giveAttribute(join(stage, path), "user.note", "00"))
        return context.skip("attributes cannot be set here");
    }
    fs.chmodSync(join(stage, "a/b"), 0o444);
    expect(seal(stage, { readOnly: true }).hasAttributes).toBe(true);
    expect(disk.attributes(join(stage, "a"))).toEqual(["user.note"]);
    expect(seal(stage).hasAttributes).toBe(false);
    for (const path of ["a", "a/b"]) expect(disk.attributes(join(stage, path))).toEqual([]);
    expect(fs.statSync(join(stage, "a/b")).mode & 0o777).toBe(0o444);
    expect(seal(stage, { readOnly: true }).hasAttributes).toBe(false);
  });
});

describe("what is refused", () => {
  const refused = (stage: string, code: string, said: RegExp, on: Disk = disk): void => {
    let error: unknown;
    try {
      seal(stage, { overlay: true }, on);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ kind: "recipe", code });
    expect((error as Error).message).toMatch(/^the stage of greet holds what a package cannot: /);
    expect((error as Error).message).toMatch(said);
  };

  test("names and link targets that are not UTF-8", () => {
    const stage = stageWith();
    fs.writeFileSync(Buffer.concat([Buffer.from(`${stage}/bad`), Buffer.from([0xff])]), "");
    refused(stage, "STAGE_NAME", /bad.* has a name that is not UTF-8/);
    const linked = stageWith();
    fs.symlinkSync(Buffer.from([0x61, 0xff]), join(linked, "l"));
    refused(linked, "STAGE_NAME", /"l" is a symlink to a name/);
  });

  test("FIFOs and sockets", () => {
    const stage = stageWith();
    execFileSync("mkfifo", [join(stage, "pipe")]);
    refused(stage, "STAGE_SPECIAL", /"pipe" is a fifo/);
    const bound = stageWith();
    const bind = "import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])";
    execFileSync("python3", ["-c", bind, join(bound, "s")]);
    refused(bound, "STAGE_SPECIAL", /"s" is a socket/);
  });

  test.skipIf(process.getuid?.() !== 0)("device nodes (needs root)", () => {
    const stage = stageWith();
    execFileSync("mknod", [join(stage, "null"), "c", "1", "3"]);
    refused(stage, "STAGE_SPECIAL", /"null" is a device/);
  });

  test("setuid and setgid", () => {
    const stage = stageWith(["a", "b", "d/"]);
    fs.chmodSync(join(stage, "a"), 0o4755);
    fs.chmodSync(join(stage, "b"), 0o6755);
    fs.chmodSync(join(stage, "d"), 0o2755);
    refused(
      stage,
      "STAGE_SETUID",
      /"a" has the setuid bit.*"b" has the setuid and setgid.*"d" has/,
    );
  });

  test("tenon's own state, whatever it is", () => {
    refused(stageWith(["var/lib/tenon/x"]), "STAGE_STATE", /"var\/lib\/tenon" is where/);
    refused(stageWith(["var/lib/tenon"]), "STAGE_STATE", /"var\/lib\/tenon" is where/);
    expect(pathsOf(seal(stageWith(["var/lib/tenon-x/y"])))).toContain("var/lib/tenon-x/y");
  });

  test("absolute links into the stage, also by its other name", () => {
    const stage = stageWith(["f"]);
    fs.symlinkSync(join(stage, "f"), join(stage, "l"));
    refused(stage, "STAGE_LINK", /"l" is a symlink to .*inside the stage/);
    const alias = `${stage}-alias`;
    fs.symlinkSync(stage, alias);
    refused(alias, "STAGE_LINK", /"l"/);
    const doubled = stageWith(["f"]);
    fs.symlinkSync(`/usr/..${doubled}/f`, join(doubled, "l"));
    refused(doubled, "STAGE_LINK", /"l"/);
  });

  test("what may not be read", () => {
    const stage = stageWith(["d/f", "g"]);
    const forbid = (path: string): never => {
      throw new DiskError({ code: "EACCES", operation: "open", path });
    };
    const strict: Disk = {
      ...disk,
      list: (path) => (path.endsWith("/d") ? forbid(path) : disk.list(path)),
      digestFile: (path) => (path.endsWith("/g") ? forbid(path) : disk.digestFile(path)),
    };
    refused(stage, "STAGE_UNREADABLE", /"d" may not be read.*"g" may not be read/, strict);
  });

  test("all at once, ten shown", () => {
    const stage = stageWith(Array.from({ length: 13 }, (_, at) => `f${at + 10}`));
    for (const name of fs.readdirSync(stage)) fs.chmodSync(join(stage, name), 0o4755);
    refused(stage, "STAGE_SETUID", /"f19" has the setuid bit set; and 3 more$/);
  });

  test.skipIf(process.getuid?.() !== 0)("what an overlay only renamed (needs root)", () => {
    const stage = stageWith(["d/"]);
    const mark = "import os, sys; os.setxattr(sys.argv[1], 'trusted.overlay.redirect', b'x')";
    execFileSync("python3", ["-c", mark, join(stage, "d")]);
    refused(stage, "STAGE_OVERLAY", /"d" was only renamed/);
  });
});
