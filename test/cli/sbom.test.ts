/** `tenon sbom` on the command line: where it writes, and what it refuses. */
import { expect, test } from "vitest";
import { readText } from "../../src/world/index.ts";
import { createSimulatedWorld } from "../../src/world/simulated/index.ts";
// The command line loads it when it is run.
import "../../src/cli/sbom.ts";
import { tenon } from "./tenon.ts";

test("it writes a file where one is named, in the form that is asked for", async () => {
  const world = createSimulatedWorld();
  world.disk.plant("/w", {});
  world.disk.plant("/s", { "bin/a": "a" });
  await tenon("install --name a --version 1 --stage /s --prefix /opt/p", {}, { world });
  const line = "sbom --prefix /opt/p --format cyclonedx -o a.json";
  expect(await tenon(line, {}, { world })).toMatchObject({ code: 0, error: "", out: "" });
  expect(JSON.parse(readText(world.disk, "/w/a.json"))).toMatchObject({
    bomFormat: "CycloneDX",
    metadata: { component: { name: "p" } },
    components: [{ name: "a", components: [{ name: "bin/a" }] }],
  });
  const none = await tenon("sbom b --prefix /opt/p", {}, { world });
  expect(none).toMatchObject({ code: 2, error: expect.stringContaining("b is not installed") });
});
