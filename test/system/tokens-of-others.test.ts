/** Programs other than make that draw on the pool of job tokens: ninja, old and new, and cargo. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { counted, jobFiles, makefile, notesOf, packageFile } from "./jobs.ts";
import { eventsOf, type Files, openWorkshop, type Workshop } from "./workshop.ts";

let workshop: Workshop;
afterEach(() => workshop.dispose());

const temporary = fs.mkdtempSync(`${os.tmpdir()}/tenon-ninja-`);
afterAll(() => fs.rmSync(temporary, { recursive: true, force: true }));

/** A build.ninja with so many edges, each of which does this with a name of its own. */
function ninjaFile(edges: number, does: string): string {
  const names = Array.from({ length: edges }, (_, index) => `edge${index + 1}`);
  return `rule do
  command = ./job.sh ${does} $$NAME-$out
${names.map((name) => `build ${name}: do\n`).join("")}`;
}

/** Which closes all descriptors but the first three. */
function byPython(...argv: string[]): string {
  return `python3 -c "import subprocess; subprocess.check_call(['${argv.join("', '")}'])"`;
}

function versionOf(program: string): string | undefined {
  const { status, stdout } = spawnSync(program, ["--version"], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

function knowsJobserver(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return version.includes("jobserver") || major > 1 || minor >= 13;
}

const systemNinja = ["/usr/bin/ninja", "/usr/local/bin/ninja"].find((file) => fs.existsSync(file));
const systemVersion = systemNinja === undefined ? undefined : versionOf(systemNinja);
const noOldNinja =
  systemVersion === undefined
    ? " (skipped: ninja is not installed)"
    : knowsJobserver(systemVersion)
      ? ` (skipped: ninja ${systemVersion} knows them by itself)`
      : "";

describe.skipIf(noOldNinja !== "")(`a ninja that knows no tokens${noOldNinja}`, () => {
  const write = (files: Files): Workshop => (workshop = openWorkshop({ ...jobFiles, ...files }));

  test("runs as many jobs as it is given tokens when it begins", async () => {
    write({
      "source/build.ninja": ninjaFile(6, "meet 6"),
      ...packageFile("one", { script: "ninja" }),
    });
    expect(notesOf(eventsOf(await workshop.must("build", "-j6", "--json")))).toEqual([]);
  });

  test("two of them, and a make, never run more than -j says", async () => {
    write({
      "source/build.ninja": ninjaFile(8, "count"),
      "source/count.mk": makefile(8, "count"),
      ...packageFile("one", { script: "ninja -v" }),
      ...packageFile("two", { script: "ninja; ninja -t clean" }),
      ...packageFile("three", { script: "make -f count.mk" }),
    });
    await workshop.must("build", "-j4");
    expect(counted(workshop)).toEqual({ jobs: 24, most: 4 });
  });

  test("gives its tokens back, and its exit code", async () => {
    write({
      "source/fail.ninja": "rule no\n  command = exit 1\nbuild x: no\n",
      "source/meet.mk": makefile(3, "meet 3"),
      ...packageFile("one", {
        script: "if ninja -f fail.ninja; then exit 1; fi; make -f meet.mk",
      }),
    });
    await workshop.must("build", "-j3");
  });

  test("is given no number beside the caller's own", async () => {
    write({
      "source/build.ninja": ninjaFile(3, "meet 3"),
      ...packageFile("one", { script: "ninja -j3" }),
    });
    await workshop.must("build", "-j1");
  });
});

/** From a folder named in TENON_NINJA, or from PyPI. */
const newNinja = findNewNinja();
const noNewNinja = newNinja === undefined ? " (skipped: TENON_NINJA names none, nor has PyPI)" : "";

function findNewNinja(): string | undefined {
  const named = process.env["TENON_NINJA"];
  if (named !== undefined) return named;
  const fetched = spawnSync(
    "python3",
    ["-m", "pip", "install", "-q", "--no-deps", "--target", temporary, "ninja>=1.13"],
    { timeout: 60_000 },
  );
  return fetched.status === 0 ? `${temporary}/bin` : undefined;
}

describe.skipIf(newNinja === undefined)(`a ninja that takes a FIFO${noNewNinja}`, () => {
  const withPath = (files: Files): Workshop => {
    workshop = openWorkshop({ ...jobFiles, ...files });
    workshop.edit(
      "tenon.toml",
      "[workspace]\n",
      `[workspace]\npath = ["${newNinja}", "/usr/bin", "/bin"]\n`,
    );
    return workshop;
  };

  test("takes tokens and gives them back, beside a make", async () => {
    withPath({
      "source/build.ninja": ninjaFile(10, "count"),
      "source/count.mk": makefile(10, "count"),
      "source/meet.mk": makefile(3, "meet 3"),
      ...packageFile("one", { script: byPython("ninja") }),
      ...packageFile("two", { script: "make -f count.mk" }),
      ...packageFile("next", { script: "make -f meet.mk", needs: ["one", "two"] }),
    });
    const events = eventsOf(await workshop.must("build", "-j3", "--json"));
    expect(notesOf(events)).toEqual([]);
    expect(counted(workshop)).toEqual({ jobs: 20, most: 3 });
  });

  test("uses all there are", async () => {
    withPath({
      "source/build.ninja": ninjaFile(6, "meet 6"),
      ...packageFile("one", { script: "ninja" }),
    });
    await workshop.must("build", "-j6");
  });

  test("a make that it runs draws on the same pool", async () => {
    withPath({
      "source/build.ninja": `rule do
  command = make -f count.mk NAME=$$NAME-$out
build a: do
build b: do
`,
      "source/count.mk": makefile(6, "count"),
      ...packageFile("one", { script: "ninja" }),
    });
    await workshop.must("build", "-j3");
    expect(counted(workshop)).toEqual({ jobs: 12, most: 3 });
  });
});

const cargo = spawnSync("rustup", ["which", "cargo"], { encoding: "utf8" });
const cargoFolder = cargo.status === 0 ? cargo.stdout.trim().replace(/\/cargo$/, "") : undefined;
const noCargo = cargoFolder === undefined ? " (skipped: rustup has no cargo)" : "";

describe.skipIf(cargoFolder === undefined)(`cargo${noCargo}`, () => {
  const names = ["a", "b", "c", "d", "e"];
  const crates: Files = Object.fromEntries(
    names.flatMap((name) => [
      [
        `source/${name}/Cargo.toml`,
        `[package]\nname = "${name}"\nversion = "1.0.0"\nedition = "2021"\n`,
      ],
      [`source/${name}/src/lib.rs`, ""],
      [
        `source/${name}/build.rs`,
        `fn main() {
    let ended = std::process::Command::new("../job.sh").args(["count", "${name}"]).status();
    assert!(ended.unwrap().success());
}
`,
      ],
    ]),
  );

  test("builds its crates within the pool, also when Python closes the descriptors", async () => {
    workshop = openWorkshop({
      ...jobFiles,
      ...crates,
      "source/Cargo.toml": `[workspace]\nresolver = "2"\nmembers = ["${names.join('", "')}"]\n`,
      ...packageFile("crates", {
        script: byPython("cargo", "build", "--offline"),
        env: `, PATH = "\${PATH}:${cargoFolder}"`,
      }),
      "source/count.mk": makefile(20, "count"),
      ...packageFile("rules", { script: "make -f count.mk" }),
    });
    const events = eventsOf(await workshop.must("build", "-j2", "--json"));
    expect(notesOf(events)).toEqual([]);
    expect(counted(workshop)).toEqual({ jobs: 25, most: 2 });
  });
});
