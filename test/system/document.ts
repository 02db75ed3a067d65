/**
 * A page of docs/, followed to the letter: its files are written, its commands are run by one shell, and what they
 * print is compared with what the page shows.
 *
 * In a page, a fence after `<!-- file: PATH -->` is a file; one after `<!-- added to: PATH -->` is added to its end, after an empty line. A
 * fence `console` holds commands, each after `$ `, and below each what it prints; `…` stands for lines that are left out. A
 * fence after `<!-- not run: REASON -->` is for the reader only. `<!-- here: COMMAND -->` is for the test only: it puts
 * something of this machine in the place of a server, a folder or a key that the page can only name.
 */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import { dirname, join } from "node:path";
import { wheelOf } from "../wheel/wheel-writer.ts";
import { program } from "./program.ts";

export interface Step {
  readonly line: number;
  readonly command: string;
  readonly shown: readonly string[];
}

export interface Followed extends Step {
  readonly code: number;
  readonly printed: readonly string[];
}

const home = "/home/you";

/** The commands of a page in their order; writing a file is one without output. */
export function stepsOf(page: string): Step[] {
  const steps: Step[] = [];
  let note = "";
  const lines = fs.readFileSync(page, "utf8").split("\n");
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const fence = /^```(\w*)/.exec(line);
    if (fence !== null) {
      const end = lines.indexOf("```", at + 1);
      steps.push(...stepsIn(fence[1] ?? "", note, lines.slice(at + 1, end), at + 1));
      at = end;
    }
    const hidden = /^<!-- here: (.*) -->$/.exec(line)?.[1];
    if (hidden !== undefined) steps.push({ line: at + 1, command: hidden, shown: [] });
    else if (line.trim() !== "") note = /^<!-- (.*) -->$/.exec(line)?.[1] ?? "";
  }
  return steps;
}

function stepsIn(language: string, note: string, body: readonly string[], line: number): Step[] {
  const [, how, path = ""] = /^(file|added to): (\S+)$/.exec(note) ?? [];
  if (how !== undefined) {
    const [into, before] = how === "file" ? [">", ""] : [">>", "\n"];
    const text = `${before}${body.join("\n")}`;
    const command = `mkdir -p '${dirname(path)}' && cat ${into}'${path}' <<'END OF FILE'\n${text}\nEND OF FILE`;
    return [{ line, command, shown: [] }];
  }
  if (language !== "console" || note.startsWith("not run: ")) return [];
  const steps: (Step & { shown: string[] })[] = [];
  body.forEach((each, index) => {
    const command = /^\$ (.*)/.exec(each)?.[1];
    if (command !== undefined) steps.push({ line: line + 1 + index, command, shown: [] });
    else steps.at(-1)?.shown.push(each);
  });
  return steps;
}

/** Runs the steps in a new home folder, which is gone afterwards; the first that the shell cannot run ends it. */
export function follow(steps: readonly Step[]): Followed[] {
  const root = fs.realpathSync(fs.mkdtempSync(join(os.tmpdir(), "tenon-page-")));
  try {
    const files = {
      "bin/tenon": `#!/bin/sh\nexec ${process.execPath} ${program} "$@"\n`,
      "index/cowsay-6.1-py3-none-any.whl": cowsay(),
    };
    for (const [path, content] of Object.entries(files)) {
      fs.mkdirSync(dirname(join(root, path)), { recursive: true });
      fs.writeFileSync(join(root, path), content, { mode: 0o755 });
    }
    fs.mkdirSync(join(root, "work"));
    fs.cpSync("examples/cmake", join(root, "tenon/examples/cmake"), { recursive: true });
    const { stdout } = spawnSync("bash", ["-c", scriptOf(steps)], {
      cwd: join(root, "work"),
      env: {
        HOME: root,
        PATH: `${root}/bin:/usr/local/bin:/usr/bin:/bin`,
        TENON_STORE: join(root, "store"),
        LANG: "C.UTF-8",
        PIP_NO_INDEX: "1",
        PIP_FIND_LINKS: join(root, "index"),
      },
      encoding: "utf8",
    });
    return steps.map((step, at) => ({ ...step, ...outcomeOf(stdout, at, root) }));
  } finally {
    fs.rmSync(root, { recursive: true, force: true });
  }
}

/** In the place of the package index, which a test does not ask: a project that pages add, as far as they use it. */
function cowsay(): Buffer {
  const lines = ["'  ' + '_' * 4", "'| ' + sys.argv[-1] + ' |'"].map(
    (each) => `    print(${each})`,
  );
  return wheelOf({
    distInfo: "cowsay-6.1.dist-info",
    metadata: "Metadata-Version: 2.1\nName: cowsay\nVersion: 6.1\n",
    files: {
      "cowsay.py": `import sys\ndef cli():\n${lines.join("\n")}\n`,
      "cowsay-6.1.dist-info/entry_points.txt": "[console_scripts]\ncowsay = cowsay:cli\n",
    },
  });
}

function scriptOf(steps: readonly Step[]): string {
  const parts = steps.map(
    ({ command }, at) => `printf '\\n@begin ${at}\\n'\n${command}\nprintf '\\n@end ${at} %s\\n' $?`,
  );
  return `exec </dev/null 2>&1\n${parts.join("\n")}\n`;
}

function outcomeOf(stdout: string, at: number, root: string) {
  const found = new RegExp(`\n@begin ${at}\n([^]*?)\n@end ${at} (\\d+)\n`).exec(stdout);
  const [, text = "(the shell did not get here)", code = "-1"] = found ?? [];
  const printed = text.replaceAll(`${root}/work`, home).split("\n");
  return { code: Number(code), printed: printed.at(-1) === "" ? printed.slice(0, -1) : printed };
}

/** What a page says and a run did not do, a line for each step that differs; empty where the page is right. */
export function differences(followed: readonly Followed[]): string[] {
  return followed.flatMap(({ line, command, shown, code, printed }) => {
    if (shown.length === 0 && code === 0) return [];
    const isAsShown = shown.length > 0 && isLike(ordered(shown), ordered(printed));
    if (isAsShown) return [];
    return [
      `line ${line}: $ ${command}\n  ended with ${code} and printed:\n${printed.map((each) => `  | ${each}`).join("\n")}`,
    ];
  });
}

/** Whether `printed` has the lines of `shown` in their order, with any lines in the place of each `…`. */
function isLike(shown: readonly string[], printed: readonly string[]): boolean {
  const [first, ...rest] = shown;
  if (first === undefined) return printed.length === 0;
  if (first.trim() === "…")
    return printed.some((_, at) => isLike(rest, printed.slice(at))) || rest.length === 0;
  return isLineLike(first, printed[0] ?? "") && isLike(rest, printed.slice(1));
}

/** `…` in a line stands for any words. */
function isLineLike(shown: string, printed: string): boolean {
  const [start = "", ...others] = shown.split("…");
  if (others.length === 0) return shown === printed;
  const end = others.at(-1) ?? "";
  const isLong = printed.length >= start.length + end.length;
  return isLong && printed.startsWith(start) && printed.endsWith(end);
}

/** Without what differs from run to run; lines of packages that were built beside each other are sorted. */
function ordered(lines: readonly string[]): string[] {
  const masked = lines.map(mask);
  const result: string[] = [];
  let group: string[] = [];
  for (const line of [...masked, ""]) {
    if (line.startsWith("[n/")) {
      group.push(line);
      continue;
    }
    result.push(...group.sort(), line);
    group = [];
  }
  return result.slice(0, -1);
}

function mask(line: string): string {
  return line
    .replace(/^\[[ \d]+\//, "[n/")
    .replace(/\d{8}T\d{6}Z(-[0-9a-f]+)?/g, "ID")
    .replace(/\b[0-9a-f]{12}\b/g, "DIGEST")
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, "DATE")
    .replace(/(\d+ min )?[\d.]+ (s|min|h|B|kB|MB|GB)\b/g, "AMOUNT")
    .replace(/ -j\d+/, " -jN")
    .replace(/(?<=[( ])\d[\d,]* files?(?=[, ])/g, "N files")
    .replace(/ {2,}/g, " ")
    .trimEnd();
}
