/** `tenon image` on the command line: what it writes, and what it refuses. */
import { expect, test } from "vitest";
import { exists } from "../../src/world/index.ts";
import { createSimulatedWorld } from "../../src/world/simulated/index.ts";
// The command line loads it when it is run.
import "../../src/cli/image.ts";
import { tenon } from "./tenon.ts";

test("it says how many layers there are, and the digest", async () => {
  const world = createSimulatedWorld();
  const on = (line: string) => tenon(line, {}, { world });
  world.disk.plant("/w", {});
  world.disk.plant("/s", { "bin/a": "#!/opt/p/bin/sh\n" });
  await on("install --name a --version 1 --stage /s --prefix /opt/p");
  const made = await on("image --prefix /opt/p");
  expect(made).toMatchObject({ code: 0, error: "" });
  expect(made.out).toMatch(
    /^made an image of 1 package in image \(2 layers, .*\)\nsha256:[0-9a-f]{64}\n$/,
  );
  expect(exists(world.disk, "/w/image/index.json")).toBe(true);
  const refused = await on("image --prefix /opt/p --at relative -o other");
  expect(refused).toMatchObject({
    code: 2,
    error: expect.stringContaining("not an absolute path"),
  });
});
