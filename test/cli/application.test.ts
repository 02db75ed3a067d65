/** The command line as a whole, on a simulated machine: help, refusals, results and exit codes. */
import { describe, expect, test } from "vitest";
import { stylesFor } from "../../src/cli/context.ts";
import { describeAll } from "../../src/cli/descriptions.ts";
import { usageOf } from "../../src/cli/help.ts";
import { type Ran, tenon, workspaceMachine } from "./tenon.ts";

describe("a wrong command line is refused with one sentence and a hint", () => {
  const seeHelp = "Run `tenon help` for all commands, `tenon help COMMAND` for one.";
  test.each([
    ["bulid", "there is no command bulid", "Did you mean `build`?"],
    ["build --fail-fsat", "there is no option --fail-fsat", "Did you mean --fail-fast?"],
    // Names that are far from all there are get no guess.
    ["new", "there is no command new", seeHelp],
    ["info", "there is no command info", seeHelp],
    ["help nosuch", "there is no command nosuch", seeHelp],
    ["build --colour", "there is no option --colour", seeHelp],
    ["build -x", "there is no option -x", seeHelp],
    ["build -j 0", '-j takes a whole number from 1 to 10000, not "0"', seeHelp],
    ["build -j0x10", '-j takes a whole number from 1 to 10000, not "0x10"', seeHelp],
    ["build -j 10001", '-j takes a whole number from 1 to 10000, not "10001"', seeHelp],
    ["build -j 1.5", '-j takes a whole number from 1 to 10000, not "1.5"', seeHelp],
    ["build -j", "--jobs takes a value", seeHelp],
    ["build --isolation foo", "--isolation takes one of auto, view, none, not foo", seeHelp],
    ["list --prefix ''", "the name of a folder is empty", seeHelp],
    ["list more", "one argument too many: more", seeHelp],
    ["files", "PACKAGE is missing", seeHelp],
    ["remove", "PACKAGE is missing", seeHelp],
  ])("%s", async (line, message, hint) => {
    const { out, error, refused } = await tenon(line);
    expect(error).toBe(`error: ${message}\n  hint: ${hint}\n`);
    expect([out, refused]).toEqual(["", true]);
  });
});

describe("help", () => {
  const names = describeAll().flatMap(({ commands }) => commands.map(({ name }) => name));

  test.each(names)("%s explains itself, in each way to ask, and fits the screen", async (name) => {
    for (const columns of [50, 80]) {
      const { out, error, refused } = await on(columns, `${name} --help`);
      expect(out).toContain(`\nUsage: tenon ${name}`);
      expect(out).toMatch(/^ +-h, --help/m);
      expect([error, refused]).toEqual(["", false]);
      expect(tooWide(out, columns)).toEqual([]);
      expect((await on(columns, `help ${name}`)).out).toBe(out);
    }
  });

  test.each(["--help", "help", "-C /w"])("all commands, in groups: tenon %s", async (line) => {
    for (const columns of [50, 80]) {
      const { out, refused } = await on(columns, line);
      for (const name of names) expect(out).toMatch(new RegExp(`^  ${name} +[A-Z]`, "m"));
      for (const { title } of describeAll()) expect(out).toContain(`\n${title}:\n`);
      expect(tooWide(out, columns)).toEqual([]);
      expect(refused).toBe(false);
    }
  });

  test.each([
    ["build", "[PACKAGE…]"],
    ["list", ""],
    ["files", "PACKAGE"],
    ["remove", "PACKAGE…"],
    ["rollback", "[ID]"],
    [
      "install",
      "FILE.whl…\n       tenon install FILE.sh\n       tenon install --name NAME --version VERSION --stage DIR",
    ],
    ["shell", "PACKAGE [COMMAND…]"],
  ])("usage shows the arguments, and what is required: %s %s", async (command, usage) => {
    const line = `\nUsage: ${`tenon ${command} ${usage}`.trimEnd()}\n`;
    expect((await tenon(`${command} --help`)).out).toContain(line);
  });

  test("options have their values named; a command's own come first", async () => {
    const { out } = await tenon("rollback --help");
    const options = [...out.matchAll(/^ +(?:-., )?--([a-z-]+(?:\[?[ =][A-Z]+)?)/gm)].map(
      ([, name]) => name,
    );
    expect(options).toEqual(
      "dry-run|directory DIR|prefix DIR|trust DIR|no-wait|no-sync|json|quiet|weak-renames|help".split(
        "|",
      ),
    );
    const { out: build } = await tenon("build --help");
    expect(build).toContain("  -j, --jobs N  ");
    expect(build).toContain("      --check[=require|warn]  ");
  });

  /** Lines that a narrow terminal would break. What is for copying stays whole. */
  function tooWide(text: string, columns: number): string[] {
    const isForCopying = (line: string): boolean =>
      forms.has(line.slice(7)) || forms.has(line.slice(2));
    return text.split("\n").filter((line) => line.length > columns && !isForCopying(line));
  }

  const forms = new Set(
    describeAll().flatMap(({ commands }) =>
      commands.flatMap((each) => [
        ...usageOf(each),
        ...(each.docs.examples ?? []).map(([line]) => line),
      ]),
    ),
  );

  function on(columns: number, line: string): Promise<Ran> {
    return tenon(line, {}, { ...workspaceMachine(), columns });
  }
});

test("the version", async () => {
  expect(await tenon("--version")).toMatchObject({ out: "1.2.3\n", refused: false });
});

describe("what a command throws becomes text and an exit code", () => {
  test.each<[string, number, string]>([
    ["graph zlb", 2, "error: no recipe in /w is called zlb\n  hint: Did you mean zlib?\n"],
    ["files zlib", 2, "error: zlib is not installed in /w/prefix\n"],
    ["graph -C /", 2, "error: there is no tenon.toml in / or above it\n"],
    [
      "list -C /",
      2,
      "error: no prefix is named or activated, and there is no tenon.toml in / or above it\n",
    ],
    ["owner /etc/passwd", 2, "error: /etc/passwd is not in the prefix /w/prefix\n"],
  ])("%s", async (line, code, text) => {
    const ran = await tenon(line);
    expect(ran.error).toContain(text);
    expect(ran).toMatchObject({ code, out: "" });
  });

  test("a store without a place", async () => {
    const { code, error } = await tenon("install /w/a-1-py3-none-any.whl", { HOME: "" });
    expect(error).toContain(
      "neither TENON_STORE, XDG_CACHE_HOME nor HOME names an absolute folder",
    );
    expect(error).toContain("TENON_STORE=DIR before the command");
    expect(code).toBe(2);
  });

  test.each(["list", "graph", "history", "gc"])(
    "%s needs no store, and no place for one",
    async (line) => {
      const machine = workspaceMachine();
      machine.world.disk.makeDirectory("/w/prefix");
      expect(await tenon(line, { HOME: "" }, machine)).toMatchObject({ code: 0, error: "" });
    },
  );
});

test("results go to stdout", async () => {
  expect(await tenon("graph")).toMatchObject({ out: "zlib 1\n", error: "", code: 0 });
  expect(await tenon("list")).toMatchObject({ out: "no packages\n", code: 0 });
  const { out } = await tenon("graph --json");
  expect(JSON.parse(out)).toEqual({
    format: 1,
    packages: [{ name: "zlib", version: "1", system: "script" }],
    edges: [],
  });
});

describe("colour", () => {
  test.each<[string, Record<string, string>, boolean, boolean]>([
    ["on a terminal", {}, true, true],
    ["not in a pipe", {}, false, false],
    ["not on a dumb terminal", { TERM: "dumb" }, true, false],
    ["not against NO_COLOR", { NO_COLOR: "1" }, true, false],
    ["with an empty NO_COLOR", { NO_COLOR: "" }, true, true],
    ["in a pipe with FORCE_COLOR", { FORCE_COLOR: "1" }, false, true],
    ["not with FORCE_COLOR=0", { FORCE_COLOR: "0" }, true, false],
    ["not with both", { FORCE_COLOR: "1", NO_COLOR: "1" }, true, false],
  ])("%s", (_what, environment, isTTY, colour) => {
    const stream = { write: () => {}, isTTY };
    const { out } = stylesFor({ stdout: stream, stderr: stream }, environment);
    expect(out.good("x") !== "x").toBe(colour);
  });

  test("each stream on its own", () => {
    const terminal = { write: () => {}, isTTY: true };
    const styles = stylesFor({ stdout: { write: () => {} }, stderr: terminal }, {});
    expect([styles.out.good("x"), styles.err.good("x")]).toEqual(["x", "\u001b[32mx\u001b[39m"]);
  });
});

test("every command about a workspace takes --sage, and the help of build speaks for all", async () => {
  const commands = "build install remove list files owner verify history rollback recover gc lock";
  for (const command of `${commands} fetch why graph log shell report`.split(" ")) {
    expect((await tenon(`${command} --help-all`)).out).toContain(" --sage DIR");
    expect((await tenon(`${command} --help`)).out.includes(" --sage DIR")).toBe(
      command === "build",
    );
  }
});
