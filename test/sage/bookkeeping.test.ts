/** Sage's own books after tenon has changed the prefix, and what they say of packages on record. */
import * as fs from "node:fs";
import { expect, test } from "vitest";
import { isHeld } from "../../src/sage/adoptable.ts";
import { settleStamps } from "../../src/sage/bookkeeping.ts";
import { readCheckoutWorkspace } from "../../src/sage/workspace.ts";
import { addFiles, disk, makeCheckout, packageFiles, world } from "./checkout-folder.ts";

const installed = "var/lib/sage/installed";

test("what has given way is no second stamp of its package", () => {
  const prefix = makeCheckout({
    [`${installed}/own-1`]: "tenon's",
    [`${installed}/own-1.tenon-save`]: "make's",
  });
  const entry = { type: "file", path: `${installed}/own-1` } as const;
  const manifest = [{ ...entry, mode: 0o644, sizeBytes: 7, sha256: "" }];
  settleStamps(world, prefix, [{ name: "own", manifest: manifest as never }]);
  expect(fs.readdirSync(`${prefix}/${installed}`).sort()).toEqual([".dummy", "own-1"]);
  const kept = `${prefix}/var/lib/sage/displaced/own-1.tenon-save`;
  expect(fs.readFileSync(kept, "utf8")).toBe("make's");
});

test("a package on record is there as long as the stamp of its version is", () => {
  const root = makeCheckout({
    ...packageFiles("own", { "package-version.txt": "2\n", "spkg-install.in": "" }),
    [`local/${installed}/own-1`]: "",
  });
  addFiles(root, {
    "src/bin/sage-env-config": `export SAGE_LOCAL="${root}/local"\n`,
    "build/make/Makefile": "deps_own =\n",
  });
  const recipe = readCheckoutWorkspace(world, root).recipes.get("own");
  if (recipe === undefined) throw new Error("own was not read");
  const holds = (version: string) =>
    isHeld(disk, `${root}/local`, { name: "own", version }, recipe);
  expect([holds("1"), holds("2")]).toEqual([true, false]);
});
