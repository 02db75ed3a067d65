/** What is said when a machine refuses a view. */
import * as fs from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { probeIsolation } from "../../src/view/index.ts";
import type { CapturedOutcome, Command, World } from "../../src/world/index.ts";
import { createSite, isolation, type Site, world } from "../builder/site.ts";

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

test("a root of its own that is refused leaves the view of the prefix, and says why", async () => {
  const machine = refusing("", () => {});
  const capture = async ({ args, workingDirectory }: Command): Promise<CapturedOutcome> => {
    const hasRoot = args?.some((each) => each.endsWith("/root"));
    const said = { stdout: "", stderr: hasRoot ? "mount: /x/proc: permission denied.\n" : "" };
    if (hasRoot) return { outcome: { kind: "exited", code: 32 }, ...said };
    fs.writeFileSync(`${workingDirectory}/../upper/new`, "");
    return { outcome: { kind: "exited", code: 0 }, ...said };
  };
  const found = await probe({ ...machine, processes: { ...machine.processes, capture } });
  expect(found).toEqual({
    kind: "view",
    userNamespace: true,
    overlay: "kernel",
    root: false,
    lacks: "mount: /x/proc: permission denied.",
  });
});

test("a root in which something stays writable is none", async () => {
  const machine = refusing("", () => {});
  const capture = async ({ workingDirectory }: Command): Promise<CapturedOutcome> => {
    fs.writeFileSync(`${workingDirectory}/../upper/new`, "");
    const stdout = [
      "1 0 8:1 / / ro,relatime - ext4 /dev/sda1 rw",
      "2 1 8:1 / /tmp rw - ext4 /dev/sda1 rw",
      "3 1 8:2 / /my\\040data rw,nosuid - xfs /dev/sda2 rw",
    ].join("\n");
    return { outcome: { kind: "exited", code: 0 }, stdout, stderr: "" };
  };
  const found = await probe({ ...machine, processes: { ...machine.processes, capture } });
  expect(found).toMatchObject({ root: false, lacks: "/my data cannot be made read-only" });
});

test("what this machine gives is found by trying", async () => {
  const found = await probe(world);
  expect(found).toEqual(isolation);
});
