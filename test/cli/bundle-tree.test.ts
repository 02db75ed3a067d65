/** `tenon bundle --sage` and `--release` on the command line: what is refused before anything is read or built. */
import { expect, test } from "vitest";
import "../../src/cli/bundle.ts";
import "../../src/cli/bundle-tree.ts";
import { createSimulatedWorld } from "../../src/world/simulated/index.ts";
import { tenon } from "./tenon.ts";

const world = createSimulatedWorld();
world.disk.plant("/w", {
  "release.toml": '[checkout]\npath = "sage"\n[dist]\nformats = ["zip"]\n',
});

test.each([
  ["bundle greet --sage .", "no packages can be named with --sage"],
  ["bundle --format tar.zst", "packages are bundled as a file that unpacks itself"],
  ["bundle --release release.toml", 'dist.formats is "zip"'],
])("%s", async (line, said) => {
  const { code, error, out } = await tenon(line, {}, { world });
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(error).toContain(said);
});
