/** `tenon bundle` on the command line: where it writes, and what it refuses. */
import { expect, test } from "vitest";
import { exists, readText } from "../../src/world/index.ts";
import { createSimulatedWorld } from "../../src/world/simulated/index.ts";
// The command line loads them when they are run.
import "../../src/cli/bundle.ts";
import "../../src/cli/install-bundle.ts";
import { tenon } from "./tenon.ts";

test("it writes stack.sh, says how large it is, and refuses what can name no other prefix", async () => {
  const world = createSimulatedWorld();
  const on = (line: string) => tenon(line, {}, { world });
  world.disk.plant("/w", {});
  world.disk.plant("/s", { "bin/a": "#!/opt/p/bin/sh\n", "share/a": "a" });
  await on("install --name a --version 1 --stage /s --prefix /opt/p");
  const made = await on("bundle --prefix /opt/p");
  expect(made).toMatchObject({ code: 0, error: "" });
  expect(made.out).toMatch(/^bundled 1 package into stack\.sh \([\d.]+ kB\)\n$/);
  expect(readText(world.disk, "/w/stack.sh")).toMatch(/^#!\/bin\/sh\n# stack: 1 package,/);
  const json = await on("bundle a --prefix /opt/p -o a.sh --json");
  expect(JSON.parse(json.out)).toMatchObject({ kind: "bundled", file: "/w/a.sh" });

  const joined = await on("install a.sh --prefix /opt/other");
  expect(joined).toMatchObject({ code: 0, out: "installed 1 package: a 1\n" });
  expect(readText(world.disk, "/opt/other/bin/a")).toBe("#!/opt/other/bin/sh\n");

  world.disk.plant("/s", { "lib/short": "\0/opt/p\0" });
  await on("install --name short --version 1 --stage /s --prefix /opt/p");
  const refused = await on("bundle --prefix /opt/p -o b.sh");
  expect(refused.code).toBe(2);
  expect(refused.error).toContain("short: lib/short has");
  expect(exists(world.disk, "/w/b.sh")).toBe(false);
});
