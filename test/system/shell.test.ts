/** `tenon shell`: in the place of a build, as its failed step has left it. */
import { spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { program } from "./program.ts";
import { linesOf, noView, openWorkshop, type Workshop } from "./workshop.ts";

let shop: Workshop;
beforeEach(() => {
  shop = openWorkshop({
    "packages/base.toml":
      'name = "base"\nversion = "1"\nbuild.script = """mkdir -p "$DESTDIR$PREFIX/share"; echo base >"$DESTDIR$PREFIX/share/base" """\n',
    "packages/bad.toml": `name = "bad"
version = "1"
source.path = "../bad"
depends.build = ["base"]
build.system = "make"
`,
    "bad/Makefile":
      'all:\n\techo one >made\n\techo two >"$(DESTDIR)$(PREFIX)/half"\n\texit 3\ninstall:\n',
  });
});
afterEach(() => shop.dispose());

function scratch(): string[] {
  return fs.readdirSync(`${shop.store}/scratch`);
}

const modes = noView === undefined ? ["view", "none"] : ["none"];

describe.each(modes)("after a failure, with --isolation %s", (mode) => {
  beforeEach(async () => {
    if (mode === "none") shop.edit("bad/Makefile", '>"$(DESTDIR)$(PREFIX)/half"', ">half");
    expect(await shop.run(["build", "--isolation", mode])).toMatchObject({ code: 1 });
  });

  test("a command sees what was left, and its exit code is given", async () => {
    const script = 'cat made; cat "$PREFIX/half" half; cat "$PREFIX/share/base"; exit 5';
    const ended = await shop.run(["shell", "bad", "--", "sh", "-c", `${script} 2>&1`]);
    expect(ended.code).toBe(5);
    const half = mode === "view" ? ["two"] : [];
    const said = linesOf(ended.stdout).filter((line) => !line.startsWith("cat: "));
    expect(said).toEqual(["one", ...half, ...(mode === "none" ? ["two"] : []), "base"]);
    expect((await shop.run(["shell", "bad", "make"])).stderr).toContain("Error 3");
  });

  test("what is repaired there can be tried there", async () => {
    await shop.must("shell", "bad", "--", "sed", "-i", "s/exit 3/exit 0/", "Makefile");
    expect(await shop.run(["shell", "bad", "--", "make"])).toMatchObject({ code: 0 });
  });

  test("the next build of the package gives it up", async () => {
    expect(scratch()).toHaveLength(1);
    shop.edit("packages/bad.toml", 'version = "1"', 'version = "2"');
    expect(await shop.run(["build", "--isolation", mode])).toMatchObject({ code: 1 });
    expect(scratch()).toHaveLength(1);
    shop.edit("bad/Makefile", "exit 3", "exit 0");
    expect(await shop.run(["build", "--isolation", mode])).toMatchObject({ code: 0 });
    expect(scratch()).toEqual([]);
  });

  test("gc gives it up too, also before there is a prefix", async () => {
    expect(await shop.must("gc")).toContain("removed what 1 failed build had left: bad\n");
    expect(scratch()).toEqual([]);
  });
});

test("without a failure, it is placed anew: before the first step or another, and goes again", async () => {
  shop.edit("bad/Makefile", "exit 3", "exit 0");
  const early = await shop.run(["shell", "bad", "ls"]);
  expect(early).toMatchObject({ code: 2 });
  expect(early.stderr).toContain("hint: Run `tenon build base` first.");
  await shop.must("build", "base");
  expect(linesOf(await shop.must("shell", "bad", "ls"))).toEqual(["Makefile"]);
  const later = await shop.must("shell", "--step", "install", "bad", "ls");
  expect(linesOf(later)).toEqual(["Makefile", "made"]);
  const none = await shop.run(["shell", "--step", "check", "bad", "ls"]);
  expect(none).toMatchObject({ code: 1, stdout: "" });
  expect(none.stderr).toContain("there is no such step, but build, install");
  expect(scratch()).toEqual([]);
});

test.skipIf(spawnSync("script", ["--version"]).status !== 0)(
  "in a terminal it is a shell, whose Ctrl-C is its own (needs script)",
  async () => {
    await shop.run(["build"]);
    const child = spawn(
      "script",
      ["-qefc", `${process.execPath} ${program} shell bad`, "/dev/null"],
      {
        cwd: shop.workspace,
        env: { PATH: process.env["PATH"], HOME: shop.root, TENON_STORE: shop.store, TERM: "xterm" },
      },
    );
    onTestFinished(() => void child.kill());
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
    const ended = new Promise((resolve) => child.once("close", resolve));
    const until = (text: string): Promise<void> =>
      vi.waitFor(() => expect(said).toContain(text), { timeout: 20_000, interval: 20 });
    await until("to run the step again: make PREFIX=");
    await until("(bad build)");
    child.stdin.write("echo begun; sleep 600\n");
    await until("begun\r\n");
    child.stdin.write("\u0003");
    child.stdin.write("cat made; exit 7\n");
    expect(await ended).toBe(7);
    expect(said).toContain("one\r\n");
  },
);
