/** The marks of fuse-overlayfs, without having it. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { expect, test } from "vitest";
import { removeFuseMarks } from "../../src/view/fuse-marks.ts";
import { world, writeFiles } from "../builder/site.ts";

test("marks are taken away and understood, all else stays", () => {
  const stage = fs.mkdtempSync(path.join(os.tmpdir(), "tenon-fuse-"));
  const marks = { ".wh.gone": "", "lib/.wh..wh..opq": "", "lib/deep/.wh.a.b": "" };
  writeFiles(stage, { ...marks, "lib/x": "", ".whole": "" });
  expect(removeFuseMarks(world.disk, stage)).toEqual({
    deleted: ["gone", "lib/deep/a.b"],
    opaque: ["lib"],
  });
  expect(fs.readdirSync(stage, { recursive: true }).sort()).toEqual(
    [".whole", "lib", "lib/deep", "lib/x"].sort(),
  );
  fs.rmSync(stage, { recursive: true });
});
