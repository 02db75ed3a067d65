/** What kind of view the machine allows is tried when something is to be built. */
import { expect, test } from "vitest";
import { type BuildPlan, planBuild } from "../../src/run/plan-build.ts";
import { openSession, type Session } from "../../src/workspace/session.ts";
import { createSimulatedDisk, createSimulatedWorld } from "../../src/world/simulated/index.ts";
import { openWorkspace, optionsFor, pretendBuild, rewriteRecipe } from "../workspace/workspace.ts";

/** A machine whose views work until `refuse` is called. */
function openMachine() {
  const disk = createSimulatedDisk();
  openWorkspace({ bell: {} }, disk);
  const programs = ["unshare", "mount", "umount", "chroot", "pivot_root"];
  disk.plant("/usr/bin", Object.fromEntries(programs.map((name) => [name, "program"])));
  for (const name of programs) disk.setMode(`/usr/bin/${name}`, 0o755);
  let tries = 0;
  let isRefused = false;
  const world = createSimulatedWorld({
    disk,
    answer: ({ program, workingDirectory }) => {
      if (program === "/usr/bin/env") return { kind: "exited", code: 0 };
      tries += 1;
      if (isRefused) return { kind: "exited", code: 1 };
      disk.createFile(`${workingDirectory}/../upper/new`, "");
      return { kind: "exited", code: 0 };
    },
  });
  const plan = async (dryRun = false): Promise<{ session: Session; plan: BuildPlan }> => {
    const options = {
      ...optionsFor([]),
      packages: [],
      isolation: "auto",
      failFast: false,
      dryRun,
      check: "no",
    } as const;
    const session = openSession(world, options);
    const checkOf = () => "no" as const;
    return { session, plan: await planBuild({ session, checkOf, options, order: ["bell"] }) };
  };
  return { disk, plan, tries: () => tries, refuse: () => (isRefused = true) };
}

test("where nothing is to be built, nothing is tried a second time", async () => {
  const machine = openMachine();
  const { session, plan } = await machine.plan();
  expect(plan).toMatchObject({ outOfDate: ["bell"], facts: { isolation: { root: true } } });
  expect(machine.tries()).toBe(1);
  const { resolver } = plan;
  pretendBuild({ session, resolver, disk: machine.disk }, "bell", { "bin/bell": "1" });

  const again = await machine.plan();
  expect(again.plan).toMatchObject({ outOfDate: [], facts: { isolation: { root: true } } });
  expect(machine.tries()).toBe(1);
});

test("before something is built, it is tried whether views still work", async () => {
  const machine = openMachine();
  await machine.plan();
  rewriteRecipe(machine.disk, "bell", { version: "2.0" });
  expect((await machine.plan()).plan.facts.isolation.kind).toBe("view");
  expect(machine.tries()).toBe(2);

  machine.refuse();
  const { plan } = await machine.plan();
  expect(plan.facts).toMatchObject({ isolation: { kind: "none" }, machine: { isolated: false } });
  // A lesser kind is not kept: views may work again.
  const before = machine.tries();
  await machine.plan();
  expect(machine.tries()).toBeGreaterThan(before);
});

test("a plan that is only shown supposes nothing", async () => {
  const machine = openMachine();
  await machine.plan();
  await machine.plan(true);
  expect(machine.tries()).toBe(2);
});
