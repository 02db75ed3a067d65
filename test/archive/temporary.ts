/** A folder for one test file, and trees as text. */
import * as fs from "node:fs";
import * as os from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { createRealWorld, removeTree } from "../../src/world/index.ts";

export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(join(os.tmpdir(), "tenon-archive-"));
  // An overlay leaves a folder of mode 000, which only this removes for an ordinary user.
  afterAll(() => removeTree(createRealWorld({}).disk, folder));
  return folder;
}

/** One line an entry: type, mode, path, content or target. */
export function treeOf(folder: string, below = ""): string[] {
  return fs
    .readdirSync(join(folder, below), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(below, entry.name);
      const place = join(folder, path);
      const mode = (fs.lstatSync(place).mode & 0o7777).toString(8);
      if (entry.isDirectory()) return [`d ${mode} ${path}`].concat(treeOf(folder, path));
      if (entry.isSymbolicLink()) return [`l ${path} -> ${fs.readlinkSync(place)}`];
      return [`f ${mode} ${path} ${fs.readFileSync(place, "latin1")}`];
    });
}
