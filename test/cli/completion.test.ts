/** Shells complete command lines of tenon: bash is asked itself, for it is everywhere. */
import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import "../../src/cli/completion.ts";
import { renderCompletion } from "../../src/cli/completion-scripts.ts";
import { describeAll } from "../../src/cli/descriptions.ts";
import { tenon } from "./tenon.ts";

const all = describeAll();

describe("bash", () => {
  /** What it offers for a line whose last word is being typed; the program says what it was asked. */
  function offered(line: string): string[] {
    const words = line.split(" ").map((word) => `'${word}'`);
    const script = [
      'tenon() { printf "%s\\n" "asked:$*" zlib zstd; }',
      ...renderCompletion("bash", all),
      `COMP_WORDS=(${words.join(" ")}); COMP_CWORD=${words.length - 1}; _tenon`,
      'printf "%s\\n" "${COMPREPLY[@]}"',
    ];
    const said = execFileSync("bash", ["--noprofile", "--norc", "-c", script.join("\n")], {
      encoding: "utf8",
    });
    return said.split("\n").filter(Boolean);
  }

  test.each([
    ["tenon ver", ["verify"]],
    ["tenon verify --re", ["--repair"]],
    ["tenon build --link ", ["reflink", "hardlink", "copy"]],
    ["tenon build --link = h", ["hardlink"]],
    ["tenon build --jobs ", []],
    ["tenon -C ver list --js", ["--json"]],
    ["tenon build zs", ["zstd"]],
    ["tenon files -C /a/b asked", ["asked:completion", "-C", "/a/b"]],
    ["tenon help reco", ["recover"]],
    ["tenon completion z", ["zsh"]],
    ["tenon report --output /et", ["/etc"]],
  ])("%s", (line, words) => {
    const found = offered(line);
    expect(found).toEqual(line.includes("asked") ? words.slice(0, 1) : words);
  });

  test("every command and every option is there", () => {
    for (const { name, options } of all.flatMap(({ commands }) => commands)) {
      const shown = options.filter(({ isHidden }) => !isHidden).map((each) => `--${each.name}`);
      expect(offered(`tenon ${name} --`)).toEqual(expect.arrayContaining([...shown, "--help"]));
    }
  });
});

test.each(["zsh", "fish"] as const)("%s has every command and every option", (shell) => {
  const script = renderCompletion(shell, all).join("\n");
  for (const { name, options } of all.flatMap(({ commands }) => commands)) {
    expect(script).toMatch(shell === "zsh" ? `'${name}:` : ` -a ${name} -d '`);
    for (const option of options.filter(({ isHidden }) => !isHidden)) {
      expect(script).toMatch(shell === "zsh" ? `--${option.name}` : ` -l ${option.name}`);
    }
  }
});

test("a quote in a text of zsh or fish ends nothing", () => {
  expect(renderCompletion("fish", all).join("\n")).toContain("the wheels\\' modules");
  expect(renderCompletion("zsh", all).join("\n")).toContain("the wheels'\\'' modules");
});

describe("tenon completion", () => {
  test("prints the script", async () => {
    const { out, code } = await tenon("completion bash");
    expect(out).toBe(
      renderCompletion("bash", all)
        .map((line) => `${line}\n`)
        .join(""),
    );
    expect(code).toBe(0);
  });

  test("knows the names of recipes and of what is installed", async () => {
    expect((await tenon("completion packages")).out).toBe("zlib\n");
  });

  test("says nothing where there is no workspace, for a person has only pressed a key", async () => {
    expect(await tenon("completion packages -C /")).toMatchObject({ out: "", error: "", code: 0 });
  });

  test("another shell is refused", async () => {
    const { error, code } = await tenon("completion fisch");
    expect(error).toBe(
      "error: there is no completion for fisch, only for bash, zsh, fish\n  hint: Did you mean fish?\n",
    );
    expect(code).toBe(2);
  });
});
