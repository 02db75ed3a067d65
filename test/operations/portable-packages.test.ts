/** What goes into bundles and images is as the records say: a file that is not is named, and not read. */
import { expect, test } from "vitest";
import { portablePackages } from "../../src/operations/portable-packages.ts";
import { readRecords } from "../../src/prefix/index.ts";
import type { SimulatedDisk } from "../../src/world/simulated/index.ts";
import { layout, old, plantOld } from "./old-prefix.ts";

const file = `${old}/lib/plain`;

test.each<[string, (disk: SimulatedDisk) => void]>([
  ["missing", () => {}],
  ["a folder", (disk) => disk.makeDirectory(file)],
  ["a link", (disk) => disk.makeLink(file, "/etc/passwd")],
  [
    "longer",
    (disk) => disk.createFile(file, "another text, which is longer than what was there\n"),
  ],
])("a file that is %s is told with a command that helps", async (_what, replace) => {
  const world = await plantOld();
  const records = [...readRecords(world.disk, layout).values()];
  world.disk.removeFile(file);
  replace(world.disk);
  await expect(portablePackages(world, layout, records)).rejects.toMatchObject({
    code: "NOT_AS_RECORDED",
    message: "lib/plain is not as the package app has brought it",
    hints: [`Put it right with \`tenon verify --repair --prefix ${old}\`.`],
  });
});
