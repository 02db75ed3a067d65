/** What wheels require is judged against what will be installed. */
import { expect, test } from "vitest";
import { unmetAfter } from "../../src/distributions/wheel-requirements.ts";
import { DiskError } from "../../src/world/index.ts";
import { openWorkspace } from "../workspace/workspace.ts";

const site = "lib/python3/site-packages";
const python = {
  scheme: { purelib: site, platlib: site },
  markers: {},
} as unknown as Parameters<typeof unmetAfter>[3];
const wheels = [{ name: "one", version: "2.0", requires: ["two>=1", "three"] }];

test("what is installed counts, and what needs the wheels is judged again", () => {
  const { disk, session } = openWorkspace({ a: {} });
  disk.plant(`${session.layout.prefix}/${site}`, {
    "two-1.5.dist-info/METADATA": "Name: two\nVersion: 1.5\nRequires-Dist: one<2\n\n",
  });
  expect(unmetAfter(disk, session.layout, wheels, python)).toMatchObject([
    { package: "one", requirement: "three" },
    { package: "two", requirement: "one<2", found: "2.0" },
  ]);
});

test("one that another process replaces at this moment is passed over", () => {
  const { disk, session } = openWorkspace({ a: {} });
  disk.plant(`${session.layout.prefix}/${site}`, {
    "two-1.5.dist-info/METADATA": "Name: two\nVersion: 1.5\nRequires-Dist: one<2\n\n",
  });
  const replaced: typeof disk = Object.create(disk, {
    readFile: {
      value: (path: string) => {
        if (!path.endsWith("/METADATA")) return disk.readFile(path);
        throw new DiskError({ code: "ENOENT", operation: "read", path });
      },
    },
  });
  expect(unmetAfter(replaced, session.layout, wheels, python)).toMatchObject([
    { package: "one", requirement: "three" },
  ]);
});
