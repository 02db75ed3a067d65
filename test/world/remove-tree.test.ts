/** Trees are removed on a real disk. */
import * as fs from "node:fs";
import * as os from "node:os";
import { expect, test } from "vitest";
import { createRealWorld, removeTree } from "../../src/world/index.ts";

test("a tree goes whatever its names and modes are", () => {
  const root = fs.mkdtempSync(`${os.tmpdir()}/tenon-remove-`);
  const raw = (name: number[]): Buffer =>
    Buffer.concat([Buffer.from(`${root}/`), Buffer.from(name)]);
  fs.writeFileSync(raw([0x62, 0xff]), "");
  fs.mkdirSync(raw([0x64, 0xff]));
  fs.writeFileSync(Buffer.concat([raw([0x64, 0xff]), Buffer.from("/inside")]), "");
  fs.mkdirSync(`${root}/closed/below`, { recursive: true });
  fs.chmodSync(`${root}/closed`, 0);
  fs.symlinkSync("/", `${root}/out`);
  removeTree(createRealWorld({}).disk, root);
  expect(fs.existsSync(root)).toBe(false);
  expect(fs.existsSync("/usr")).toBe(true);
});
