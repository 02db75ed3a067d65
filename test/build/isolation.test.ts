/** What is said when a machine refuses a view. */
import * as fs from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { probeIsolation } from "../../src/build/index.ts";
import type { CapturedOutcome, Command, World } from "../../src/world/index.ts";
import { createSite, type Site, world } from "./site.ts";

let site: Site;
beforeEach(() => {
  site = createSite();
});
afterEach(() => site.remove());

/** A machine with an ordinary user, on which every view fails with these words. */
function refusing(said: string, before: (command: Command) => void = () => {}): World {
  const capture = async (command: Command): Promise<CapturedOutcome> => {
    before(command);
    return { outcome: { kind: "exited", code: 1 }, stdout: "", stderr: said };
  };
  return {
    ...world,
    machine: { ...world.machine, userId: 1000, groupId: 1000 },
    processes: { ...world.processes, capture },
  };
}

const probe = (machine: World, wanted: "auto" | "view" = "auto") =>
  probeIsolation(machine, { prefix: site.prefix, scratch: `${site.root}/store/scratch`, wanted });

test("namespaces that are refused", async () => {
  const machine = refusing("unshare: unshare failed: Operation not permitted\n");
  expect(await probe(machine)).toEqual({
    kind: "none",
    reason:
      "the kernel or a security policy refuses user namespaces (unshare: unshare failed: Operation not permitted)",
  });
  expect(fs.readdirSync(`${site.root}/store/scratch`)).toEqual([]);
});

test("an overlay that is refused", async () => {
  const said = "mount: /p: wrong fs type, bad option.\n       dmesg(1) may have more.\n";
  const found = await probe(refusing(said));
  expect(found.kind === "none" && found.reason).toMatch(
    /^the kernel refuses an overlay .*(overlayfs|\(mount: \/p: wrong fs type, bad option\.\))/,
  );
});

test("a view that is mounted but cannot be used", async () => {
  const machine = refusing("unshare: unrecognized option '--map-user=1000'\n", (command) =>
    fs.writeFileSync(`${command.workingDirectory}/../started`, ""),
  );
  const found = await probe(machine);
  expect(found.kind === "none" && found.reason).toContain("can be mounted but not be used");
});

test("a view that is asked for and refused is an error", async () => {
  await expect(probe(refusing("unshare: no\n"), "view")).rejects.toMatchObject({
    kind: "machine",
    code: "VIEW_REFUSED",
    message: expect.stringContaining("(unshare: no)") as string,
  });
});
