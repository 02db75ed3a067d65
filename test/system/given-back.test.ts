/** What a prefix and a stage had before is not taken away: folders, shared files, groups, other packages' files. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { program } from "./program.ts";
import { linesOf, openWorkshop, type Workshop, writeFiles } from "./workshop.ts";

let shop: Workshop;
beforeEach(() => {
  shop = openWorkshop({});
});
afterEach(() => shop.dispose());

function installArgs(name: string, stage: string, ...more: string[]): string[] {
  return ["install", "--name", name, "--version", "1", "--stage", stage, ...more];
}

async function install(name: string, files: Parameters<typeof writeFiles>[1]): Promise<void> {
  writeFiles(`${shop.root}/stage-${name}`, files);
  await shop.must(...installArgs(name, `${shop.root}/stage-${name}`));
}

test("a person's folders stay when the packages leave, and after a refusal nothing is new", async () => {
  fs.mkdirSync(`${shop.prefix}/bin`, { recursive: true });
  fs.mkdirSync(`${shop.prefix}/etc`);
  fs.chmodSync(`${shop.prefix}/etc`, 0o2770);
  fs.mkdirSync(`${shop.root}/bad/var/lib/tenon`, { recursive: true });
  const refused = await shop.run(installArgs("bad", `${shop.root}/bad`));
  expect(refused.code).toBe(2);
  expect(fs.readdirSync(shop.prefix)).toEqual(["bin", "etc"]);
  await install("a", { "bin/a": "1", "etc/a/conf": "1", "share/a": "1" });
  await shop.must("remove", "a");
  expect(fs.readdirSync(shop.prefix)).toEqual(["bin", "etc", "var"]);
  expect(fs.statSync(`${shop.prefix}/etc`).mode & 0o7777).toBe(0o2770);
});

test("packages that bring the same file own it together", async () => {
  await install("a", { "lib/ns/__init__.py": "", "lib/ns/a.py": "" });
  await install("b", { "lib/ns/__init__.py": "", "lib/ns/b.py": "" });
  expect(await shop.must("owner", "lib/ns/__init__.py")).toBe("lib/ns/__init__.py: a, b\n");
  fs.rmSync(`${shop.prefix}/lib/ns/__init__.py`);
  const found = await shop.run(["verify"]);
  expect(found).toMatchObject({ code: 1 });
  expect(found.stdout).toContain("missing lib/ns/__init__.py (a)");
  expect(found.stdout).toContain("missing lib/ns/__init__.py (b)");
  fs.writeFileSync(`${shop.prefix}/lib/ns/__init__.py`, "");
  await shop.must("remove", "a");
  expect(await shop.must("verify")).toMatch(/^ok: 2 files of 1 package/);
  await shop.must("rollback");
  expect(await shop.must("verify")).toMatch(/^ok: 4 files of 2 packages/);
});

test("a file that was taken over comes back when its owner leaves", async () => {
  await install("a", { "bin/tool": "a's", "bin/a": "a" });
  writeFiles(`${shop.root}/stage-b`, { "bin/tool": "b's" });
  const takingOver = installArgs("b", `${shop.root}/stage-b`, "--replaces", "bin/tool");
  await shop.must(...takingOver);
  const removed = await shop.run(["remove", "b"]);
  expect(removed.stderr).toContain("bin/tool is a's again");
  expect(fs.readFileSync(`${shop.prefix}/bin/tool`, "utf8")).toBe("a's");
  expect(await shop.must("verify")).toMatch(/^ok: 2 files of 1 package/);

  writeFiles(`${shop.root}/stage-b`, { "bin/tool": "b's" });
  await shop.must(...takingOver);
  await shop.must("gc");
  const lost = await shop.run(["remove", "b"]);
  expect(lost).toMatchObject({ code: 0 });
  expect(lost.stderr).toContain("its content is nowhere on this machine: install a again");
  expect((await shop.run(["verify"])).stdout).toContain("missing bin/tool (a)");
  await install("a", { "bin/tool": "a's", "bin/a": "a" });
  expect(await shop.must("verify")).toMatch(/^ok: 2 files of 1 package/);
});

test("a package's link is no folder for another's files, unless it is lib64 or a person's", async () => {
  writeFiles(`${shop.root}/stage-a`, { "share/x": "1", "lib/a": "1" });
  fs.symlinkSync("share", `${shop.root}/stage-a/doc`);
  fs.symlinkSync("lib", `${shop.root}/stage-a/lib64`);
  await shop.must(...installArgs("a", `${shop.root}/stage-a`));
  writeFiles(`${shop.root}/stage-b`, { "doc/b": "1" });
  const refused = await shop.run(installArgs("b", `${shop.root}/stage-b`));
  expect(refused).toMatchObject({ code: 3 });
  expect(refused.stderr).toContain("doc comes with b, as a folder, but belongs to a");
  fs.symlinkSync("share", `${shop.prefix}/mine`);
  await install("c", { "lib64/c": "1", "mine/c": "1" });
  expect(linesOf(await shop.must("files", "c"))).toEqual(["lib/c", "share/c"]);
});

describe("a stage that cannot be meant", () => {
  test("lies in the prefix, or is it, or holds it", async () => {
    await install("a", { "lib/x": "1" });
    fs.mkdirSync(`${shop.prefix}/mine`);
    fs.symlinkSync(`${shop.prefix}/lib`, `${shop.root}/link`);
    for (const [stage, code, said] of [
      [`${shop.prefix}/lib`, 3, "lib/x belongs to a"],
      [`${shop.root}/link`, 3, "lib/x belongs to a"],
      [`${shop.prefix}/mine`, 2, "lies in the prefix"],
      [`${shop.prefix}/var/lib/tenon/tx`, 2, "tenon's own folder"],
      [shop.prefix, 2, "is the prefix itself"],
      [shop.root, 2, "lies in the stage"],
      ["/", 2, "lies in the stage"],
      [shop.store, 2, "lies in the store"],
      [shop.workspace, 2, "is a workspace"],
      [`${shop.workspace}/packages`, 2, "recipes of the workspace"],
    ] as const) {
      fs.mkdirSync(stage, { recursive: true });
      const ended = await shop.run(installArgs("b", stage));
      expect({ stage, ...ended }).toMatchObject({ code, stdout: "" });
      expect(ended.stderr).toContain(said);
    }
    const other = ["--prefix", `${shop.root}/other`];
    const ended = await shop.run(installArgs("b", `${shop.prefix}/lib`, ...other));
    expect(ended).toMatchObject({ code: 3 });
    expect(await shop.must("verify")).toMatch(/^ok: 1 file of 1 package/);
  });

  test("holds the prefix's own path: the hint names the one that is", async () => {
    const stage = `${shop.root}/stage`;
    fs.symlinkSync(shop.root, `${shop.root}/there`);
    for (const prefix of [shop.prefix, `${shop.root}/there/prefix`]) {
      writeFiles(`${stage}${prefix}`, { [`bin/${prefix.length}`]: "1" });
      const ended = await shop.run(installArgs("a", stage, "--prefix", prefix));
      expect(ended).toMatchObject({ code: 2, stdout: "" });
      const [, meant = ""] = /hint: .*--stage (\S+)$/m.exec(ended.stderr) ?? [];
      expect(meant).toBe(`${stage}${prefix}`);
      await shop.must(...installArgs("a", meant));
      expect(fs.readdirSync(`${shop.prefix}/bin`)).toEqual([`${prefix.length}`]);
    }
  });

  test("is empty, unless that is said", async () => {
    const stage = `${shop.root}/empty`;
    fs.mkdirSync(`${stage}/share/doc`, { recursive: true });
    const ended = await shop.run(installArgs("a", stage));
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toContain("--allow-empty");
    expect(fs.existsSync(shop.prefix)).toBe(false);
    await shop.must(...installArgs("a", stage, "--allow-empty"));
    expect(await shop.must("list")).toContain("a");
  });
});

/** False where this machine, or this user, cannot. */
function setAttribute(file: string, name: string, value: string): boolean {
  const code = "import os, sys; os.setxattr(sys.argv[1], sys.argv[2], bytes.fromhex(sys.argv[3]))";
  return spawnSync("python3", ["-c", code, file, name, value]).status === 0;
}

function attributesOf(file: string): string {
  const code = "import os, sys; print(*os.listxattr(sys.argv[1]))";
  return spawnSync("python3", ["-c", code, file], { encoding: "utf8" }).stdout.trim();
}

const capability = `01000002${"80000000"}${"00".repeat(12)}`;

describe("extended attributes", () => {
  test("do not come along, whichever way the files come", async (context) => {
    for (const [name, more] of [
      ["moved", []],
      ["copied", ["--keep-stage"]],
    ] as const) {
      const stage = `${shop.root}/stage-${name}`;
      writeFiles(stage, { [`share/${name}/f`]: "1" });
      for (const path of ["share", `share/${name}/f`]) {
        if (!setAttribute(`${stage}/${path}`, "user.note", "00"))
          return context.skip("attributes cannot be set here");
      }
      await shop.must(...installArgs(name, stage, ...more));
      for (const path of ["share", `share/${name}/f`])
        expect(attributesOf(`${shop.prefix}/${path}`)).toBe("");
    }
  });

  test("that are capabilities need the same permission as setuid bits", async (context) => {
    for (const more of [[], ["--keep-stage"]]) {
      const stage = `${shop.root}/stage`;
      writeFiles(stage, { "bin/t": { text: "#!/bin/sh\n", mode: 0o755 } });
      if (!setAttribute(`${stage}/bin/t`, "security.capability", capability))
        return context.skip("only root can set capabilities");
      const refused = await shop.run(installArgs("t", stage, ...more));
      expect(refused).toMatchObject({ code: 2 });
      expect(refused.stderr).toContain('"bin/t" has file capabilities');
      expect(attributesOf(`${stage}/bin/t`)).toBe("security.capability");
      await shop.must(...installArgs("t", stage, ...more, "--allow-setuid"));
      expect(attributesOf(`${shop.prefix}/bin/t`)).toBe("security.capability");
    }
  });
});

describe.skipIf(process.getuid?.() !== 0)("a prefix that a group shares (needs root)", () => {
  const [group, member] = [54_321, 54_322];
  const inGroup = ["--reuid", `${member}`, "--regid", `${group}`, "--clear-groups"];

  test("belongs to the group in all parts, and another member can change it", async () => {
    const before = process.umask();
    fs.mkdirSync(`${shop.prefix}/lib`, { recursive: true });
    const theirs = `${shop.root}/theirs`;
    writeFiles(`${theirs}/stage-a`, { "lib/a/x": "2", "share/a/y": "2" });
    writeFiles(`${theirs}/stage-b`, { "lib/b/x": "1", "share/b": "1" });
    writeFiles(`${shop.root}/stage-a`, { "lib/a/x": "1", "share/a/x": "1" });
    try {
      process.umask(0o077);
      for (const folder of [shop.prefix, `${shop.prefix}/lib`]) {
        fs.chownSync(folder, 0, group);
        fs.chmodSync(folder, 0o2775);
      }
      await shop.must(...installArgs("a", `${shop.root}/stage-a`));
      for (const path of ["lib/a", "share", "share/a", "var", "var/lib/tenon/packages"]) {
        const { gid, mode } = fs.statSync(`${shop.prefix}/${path}`);
        expect({ path, gid, mode: mode & 0o7777 }).toEqual({ path, gid: group, mode: 0o2775 });
      }
      expect(fs.statSync(`${shop.prefix}/lib/a/x`)).toMatchObject({ gid: group });

      fs.chmodSync(shop.root, 0o755);
      fs.mkdirSync(`${theirs}/store`);
      spawnSync("chown", ["-R", `${member}:${group}`, theirs]);
      for (const args of [
        installArgs("b", `${theirs}/stage-b`),
        installArgs("a", `${theirs}/stage-a`),
        ["remove", "a"],
        ["rollback"],
        ["verify"],
        ["gc"],
      ]) {
        const command = [process.execPath, program, ...args, "--prefix", shop.prefix];
        const ended = spawnSync("setpriv", [...inGroup, ...command], {
          cwd: theirs,
          encoding: "utf8",
          env: { PATH: process.env["PATH"], HOME: theirs, TENON_STORE: `${theirs}/store` },
        });
        expect({ args, ...ended }).toMatchObject({ args, status: 0 });
      }
      // What another member has written is believed where the prefix is trusted.
      expect(await shop.run(["verify"])).toMatchObject({ code: 4 });
      const trust = ["--trust", shop.prefix];
      expect(await shop.must("verify", ...trust)).toMatch(/^ok: 4 files of 2 packages/);
      await shop.must("remove", "a", "b", ...trust);
      expect(fs.readdirSync(shop.prefix)).toEqual(["lib", "var"]);
    } finally {
      process.umask(before);
    }
  });
});
