/** What a Disk refuses to whom. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Disk } from "../../../src/world/index.ts";
import { plantTree } from "../../../src/world/simulated/index.ts";
import { at, bench, isRoot, onEachDisk, refusal, root } from "./bench.ts";

onEachDisk("permissions of an ordinary user", (name) => {
  let user: Disk;

  beforeEach(() => {
    user = bench.asOrdinaryUser();
    plantTree(user, root, {
      "closed/f": "",
      "locked/f": "",
      "locked/d/": "",
      "open/": "",
      secret: "x",
      fixed: "x",
    });
    user.setMode(at("closed"), 0o600);
    user.setMode(at("locked"), 0o500);
    user.setMode(at("secret"), 0o200);
    user.setMode(at("fixed"), 0o444);
  });
  afterEach(() => {
    for (const name of ["closed", "locked"]) user.setMode(at(name), 0o700);
  });

  test("a directory without x is not entered", () => {
    expect(refusal(() => user.status(at("closed/f")))).toBe("lstat EACCES closed/f");
    expect(refusal(() => user.readFile(at("closed/f")))).toBe("read EACCES closed/f");
    expect(refusal(() => user.rename(at("closed/f"), at("g")))).toMatch(/^rename EACCES /);
    expect(user.list(at("closed"))).toHaveLength(1);
  });

  test("the entries of a directory without w do not change", () => {
    const [file, fresh] = [at("locked/f"), at("locked/g")];
    expect(refusal(() => user.createFile(file, ""))).toBe("create EEXIST locked/f");
    expect(refusal(() => user.createFile(fresh, ""))).toBe("create EACCES locked/g");
    expect(refusal(() => user.makeDirectory(fresh))).toBe("mkdir EACCES locked/g");
    expect(refusal(() => user.makeLink(fresh, "x"))).toBe("symlink EACCES locked/g");
    expect(refusal(() => user.hardLink(file, fresh))).toBe("link EACCES locked/g");
    expect(refusal(() => user.removeFile(file))).toBe("unlink EACCES locked/f");
    expect(refusal(() => user.removeDirectory(at("locked/d")))).toBe("rmdir EACCES locked/d");
    expect(refusal(() => user.rename(file, at("g")))).toMatch(/^rename EACCES /);
    expect(refusal(() => user.rename(at("fixed"), fresh))).toBe("rename EACCES locked/g");
    expect(refusal(() => user.tryLock(fresh))).toBe("lock EACCES locked/g");
  });

  test("isWritable tells so beforehand", (context) => {
    const isImpostor = isRoot && name === "real";
    if (isImpostor) return context.skip("access(2) judges by the real user, who is root here");
    expect(user.isWritable(at("locked"))).toBe(false);
    expect(user.isWritable(at("open"))).toBe(true);
  });

  test("a directory without w gets no other parent, but another name", () => {
    user.rename(at("locked"), at("renamed"));
    const moved = refusal(() => user.rename(at("renamed"), at("open/locked")));
    expect(moved).toMatch(/^rename EACCES /);
    plantTree(user, root, { "open/d/": "" });
    const swapped = refusal(() => user.exchange(at("renamed"), at("open/d")));
    expect(swapped).toMatch(/^exchange EACCES /);
    user.rename(at("renamed"), at("locked"));
  });

  test("files are opened only as their mode allows", () => {
    expect(refusal(() => user.readFile(at("secret")))).toBe("read EACCES secret");
    expect(refusal(() => user.syncFile(at("secret")))).toBe("fsync EACCES secret");
    expect(refusal(() => user.copyFile(at("secret"), at("g")))).toMatch(/^copy EACCES /);
    const append = (): unknown => user.openWriter(at("fixed"), { append: true });
    expect(refusal(append)).toBe("open EACCES fixed");
    expect(refusal(() => user.tryLock(at("fixed")))).toBe("lock EACCES fixed");
  });
});
