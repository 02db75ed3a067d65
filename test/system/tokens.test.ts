/** One pool of job tokens, down to the rules of the makes that packages run (I10). */
import { afterEach, describe, expect, test } from "vitest";
import { counted, jobFiles, makefile, notesOf, packageFile } from "./jobs.ts";
import { eventsOf, noView, openWorkshop, skippedWord, type Workshop } from "./workshop.ts";

const isolations = noView === undefined ? ["view", "none"] : ["none"];
const lostWords = (count: string): string =>
  `it ended without giving ${count} back, as after a kill; taken back`;

let workshop: Workshop;
afterEach(() => workshop.dispose());

describe.each(isolations)(`with --isolation %s${skippedWord}`, (isolation) => {
  const build = async (...args: string[]): Promise<ReturnType<typeof eventsOf>> =>
    eventsOf(await workshop.must("build", "--json", "--isolation", isolation, ...args));

  test("four packages with twelve rules each never run more than -j says", async () => {
    const packages = ["north", "east", "south", "west"].map((name) =>
      packageFile(name, { script: "make -f count.mk" }),
    );
    workshop = openWorkshop({
      ...jobFiles,
      "source/count.mk": makefile(12, "count"),
      ...Object.assign({}, ...packages),
    });
    const events = await build("-j3");
    expect(counted(workshop)).toEqual({ jobs: 48, most: 3 });
    expect(notesOf(events)).toEqual([]);
  });

  test("a package that is alone has all tokens, and it is told how many it has", async () => {
    workshop = openWorkshop({
      ...jobFiles,
      "source/meet.mk": `${makefile(5, "meet 5")}\tsleep 2\n`,
      ...packageFile("alone", { script: "make -f meet.mk" }),
    });
    const events = await build("-j5");
    const held = events.filter(({ kind }) => kind === "tokens").map((event) => event["held"]);
    expect(held.at(0)).toBe(1);
    expect(held).toContain(5);
  });

  test("two packages share: neither can keep the other from its second job", async () => {
    workshop = openWorkshop({
      ...jobFiles,
      "source/meet.mk": makefile(2, "meet 4"),
      ...packageFile("one", { script: "make -f meet.mk" }),
      ...packageFile("two", { script: "sleep 0.5; make -f meet.mk" }),
    });
    await build("-j4");
  });

  test("a make below a make draws on the same pool", async () => {
    workshop = openWorkshop({
      ...jobFiles,
      "source/count.mk": makefile(6, "count"),
      "source/top.mk": `all: a b c\na b c:\n\t$(MAKE) -f count.mk NAME=$(NAME)-$@\n`,
      ...packageFile("deep", { script: "make -f top.mk" }),
    });
    await build("-j2");
    expect(counted(workshop)).toEqual({ jobs: 18, most: 2 });
  });

  test("a killed make loses no token, and is told of", async () => {
    workshop = openWorkshop({
      ...jobFiles,
      "source/kill.mk": `all: a b c\na b:\n\t@./job.sh meet 3 $@; sleep 60\nc:\n\t@./job.sh meet 3 c; kill -9 $$PPID\n`,
      "source/meet.mk": makefile(4, "meet 7"),
      ...packageFile("killed", { script: "make -f kill.mk || true" }),
      ...packageFile("next", { script: "make -f meet.mk", needs: ["killed"] }),
    });
    const events = await build("-j4");
    expect(notesOf(events)).toContainEqual(["killed", lostWords("2 job tokens")]);
  });

  test("what a program leaves behind loses no token", async () => {
    workshop = openWorkshop({
      ...jobFiles,
      "source/meet.mk": makefile(3, "meet 3"),
      ...packageFile("daemon", {
        script: 'dd if="$TENON_TOKENS" bs=1 count=1 status=none; sleep 60 &',
      }),
      ...packageFile("next", { script: "make -f meet.mk", needs: ["daemon"] }),
    });
    const events = await build("-j3");
    expect(notesOf(events)).toContainEqual(["daemon", lostWords("1 job token")]);
  });

  test("a package whose jobs fail gives all back", async () => {
    workshop = openWorkshop({
      ...jobFiles,
      "source/fail.mk": "all: a b\na b:\n\t@./job.sh meet 2 $@; exit 1\n",
      "source/meet.mk": makefile(4, "meet 6"),
      ...packageFile("bad", { script: "make -f fail.mk" }),
      ...packageFile("good", { script: "make -f meet.mk" }),
    });
    const ended = await workshop.run(["build", "-j4", "--isolation", isolation]);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain("built good");
    expect(ended.stderr).toContain("failed bad");
    expect(ended.stderr).not.toContain("as after a kill");
  });
});
