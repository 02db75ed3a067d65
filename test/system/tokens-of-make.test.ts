/** tenon as a job of a `make -j`: it takes its job tokens from there, and gives every one back. */
import { spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { counted, jobFiles, makefile, packageFile } from "./jobs.ts";
import { program } from "./program.ts";
import { type Files, linesOf, openWorkshop, type Workshop } from "./workshop.ts";

let workshop: Workshop;
afterEach(() => workshop.dispose());

const packages: Files = {
  ...jobFiles,
  "source/count.mk": makefile(6, "count"),
  ...packageFile("one", { script: "make -f count.mk" }),
  ...packageFile("two", { script: "make -f count.mk" }),
};
const tenon = `${process.execPath} ${program}`;

interface Made {
  readonly code: number | null;
  readonly said: string;
}

/** Runs this Makefile in the workspace; its own rules can be counted beside those of the packages. */
function startMake(text: string, ...args: string[]): { pid: number; ended: Promise<Made> } {
  workshop.write({ "outer.mk": text });
  const child = spawn("make", ["-f", "outer.mk", ...args], {
    cwd: workshop.workspace,
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: workshop.root,
      TENON_STORE: workshop.store,
      TENON_TEST: workshop.root,
      TENON_WRITABLE: workshop.told,
      TALLY: `${workshop.told}/tally`,
    },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (words: string) => (said += words));
  const ended = new Promise<Made>((resolve) =>
    child.once("close", (code) => resolve({ code, said })),
  );
  return { pid: child.pid ?? 0, ended };
}

/** What make says at its end when tokens are missing or too many. */
const miscounted = "INTERNAL: Exiting with";

describe("as a rule of make", () => {
  const others = `all: tenon a b c d e f g h\na b c d e f g h:\n\t@source/job.sh count $@\n`;

  test("all rules of both together are as many as make was told", async () => {
    workshop = openWorkshop(packages);
    const { code, said } = await startMake(`${others}tenon:\n\t+${tenon} build\n`, "-j3").ended;
    expect(said).not.toContain(miscounted);
    expect(said).toContain("-j3");
    expect(code).toBe(0);
    expect(counted(workshop)).toEqual({ jobs: 20, most: 3 });
  });

  test("tenon's jobs take all that make leaves", async () => {
    workshop = openWorkshop({
      ...jobFiles,
      "source/meet.mk": makefile(3, "meet 3"),
      ...packageFile("one", { script: "make -f meet.mk" }),
    });
    const { code, said } = await startMake(`all:\n\t+${tenon} build\n`, "-j3").ended;
    expect({ code, said }).toMatchObject({ code: 0 });
  });

  test("without a + it says so, and runs one job at a time", async () => {
    workshop = openWorkshop(packages);
    const { code, said } = await startMake(`all:\n\t${tenon} build\n`, "-j3").ended;
    expect(code).toBe(0);
    expect(said).toContain("begin make's line with a +");
    expect(counted(workshop)).toEqual({ jobs: 12, most: 1 });
  });

  test("with a -j of its own it asks make for none, and says so", async () => {
    workshop = openWorkshop(packages);
    const { said } = await startMake(`all:\n\t+${tenon} build -j2\n`, "-j3").ended;
    expect(said).toContain("-j2 was given");
    expect(said).not.toContain(miscounted);
    expect(counted(workshop)).toEqual({ jobs: 12, most: 2 });
  });

  test("a build that fails gives all back", async () => {
    workshop = openWorkshop({
      ...jobFiles,
      "source/fail.mk": "all: a b c\na b c:\n\t@./job.sh meet 3 $@; exit 1\n",
      ...packageFile("bad", { script: "make -f fail.mk" }),
    });
    const { code, said } = await startMake(`all:\n\t+${tenon} build\n`, "-j3").ended;
    expect(code).not.toBe(0);
    expect(said).toContain("failed bad");
    expect(said).not.toContain(miscounted);
  });

  test.each([
    ["once", ["SIGTERM"]],
    ["twice", ["SIGTERM", "SIGINT"]],
  ] as const)("so does one that is interrupted %s", async (_times, signals) => {
    workshop = openWorkshop({
      ...jobFiles,
      "source/long.mk": "all: a b c\na b c:\n\t@./job.sh meet 3 $@; : >$(TALLY).$@; sleep 60\n",
      ...packageFile("long", { script: "make -f long.mk" }),
    });
    // The shell stays, so that make is not interrupted itself and counts its tokens at the end.
    const rule = `all:\n\t+${tenon} build & echo $$! >$(TALLY).pid; wait $$!\n`;
    const { ended } = startMake(rule, "-j3");
    const file = (name: string): string => `${workshop.told}/tally.${name}`;
    while (!["pid", "a", "b", "c"].every((name) => fs.existsSync(file(name)))) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const pid = Number(fs.readFileSync(file("pid"), "utf8"));
    for (const signal of signals) process.kill(pid, signal);
    const { said } = await ended;
    expect(said).toContain("Error 130");
    expect(said).not.toContain(miscounted);
  });
});

test("a FIFO, as of make 4.4, does as well", async () => {
  workshop = openWorkshop(packages);
  const fifo = `${workshop.root}/fifo`;
  expect(spawnSync("mkfifo", [fifo]).status).toBe(0);
  const held = fs.openSync(fifo, fs.constants.O_RDWR | fs.constants.O_NONBLOCK);
  fs.writeSync(held, "++");
  const ended = await workshop.run(["build"], {
    environment: { MAKEFLAGS: `w -j3 --jobserver-auth=fifo:${fifo} -- X=-j9` },
  });
  expect(ended).toMatchObject({ code: 0 });
  expect(linesOf(ended.stderr)[0]).toContain("-j3");
  expect(counted(workshop)).toEqual({ jobs: 12, most: 3 });
  expect(fs.readSync(held, Buffer.alloc(9))).toBe(2);
  fs.closeSync(held);
});
