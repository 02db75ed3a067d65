/** The README's picture and a guide show real runs; here their lines are compared with what the program prints today. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { renderBuildResult } from "../../src/report/build-text.ts";
import { makeStyle } from "../../src/report/style.ts";

const style = makeStyle(false);
const currentDirectory = "/home/you/tenon";

test("the README's picture shows what the tutorial shows (`node scripts/record.js` draws it)", () => {
  const tutorial = new Set(readFileSync("docs/tutorial.md", "utf8").split("\n").map(mask));
  const shown = linesOf("docs/images/run.svg").filter((line) => !/^\$ (?!tenon)/.test(line));
  expect(shown.length).toBeGreaterThan(25);
  expect(shown.map(mask).filter((line) => !tutorial.has(line))).toEqual([]);
});

test("the failure in the how-to guide reads as the program prints it", () => {
  const shown = blockOf("undeclared", "docs/how-to/debug-a-failed-build.md").filter(
    (line) => !line.startsWith("$ "),
  );
  const excerpt = shown.filter((line) => /^[ >] \| /.test(line));
  const printed = renderBuildResult(
    {
      kind: "failed",
      failures: [
        {
          package: "pygreet",
          version: "1.0",
          step: "build-wheel",
          reason: "the header greet.h is missing",
          hints: [
            "include/greet.h comes from libgreet: add it to depends.run, or to depends.build if only the build needs it.",
          ],
          logFile: `${currentDirectory}/.tenon/runs/20260101T000000Z-00000000/pygreet/2-build-wheel.log`,
          cause: "missing-header",
          fingerprint: shown.join("\n").match(/fingerprint: (\w+)/)?.[1] ?? "",
          logTail: excerpt.map((line) => line.slice(4)),
          errorAt: excerpt.findIndex((line) => line.startsWith(">")),
        },
      ],
      blocked: new Map(),
      built: 0,
      joined: [],
      whole: [],
      heldBack: [],
      packages: [],
    },
    {
      style,
      currentDirectory,
      retry: "tenon build",
      lookCloser: (failed) => [`tenon log ${failed}`, `tenon shell ${failed}`],
    },
  );
  const summary = shown.slice(shown.findIndex((line) => line.startsWith("pygreet ")));
  expect(summary.map(mask)).toEqual(printed.filter((line, at) => line !== "" || at > 0).map(mask));
});

/** The lines of text in a picture. */
function linesOf(picture: string): string[] {
  const texts = readFileSync(picture, "utf8").matchAll(/<text [^>]*>(.*)<\/text>/g);
  return [...texts].map(([, text = ""]) =>
    text
      .replace(/<[^>]*>/g, "")
      .replaceAll("&lt;", "<")
      .replaceAll("&amp;", "&"),
  );
}

function blockOf(name: string, page: string): string[] {
  const text = readFileSync(page, "utf8");
  const [, block] = text.match(new RegExp(`<!-- run: ${name} -->\n\`\`\`\n([^]*?)\n\`\`\``)) ?? [];
  if (block === undefined) throw new Error(`${page} shows no run called ${name}`);
  return block.split("\n");
}

/** Without what differs from run to run: times, sizes, counts, and the padding around them. */
function mask(line: string): string {
  return line
    .replace(/^\[[ \d]+\//, "[n/")
    .replace(/\d{8}T\d{6}Z-\w+/, "RUN")
    .replace(/\(\d+ of \d+ are/, "(N of N are")
    .replace(/^building \d+ packages?/, "building N packages")
    .replace(/(\d+ min )?[\d.]+ (s|min|h|B|kB|MB)\b/g, "AMOUNT")
    .replace(/\d[\d,]* (files|packages)/g, "N $1")
    .replace(/^(\S+ +\S+) .*AMOUNT.*AMOUNT$/, "$1 …")
    .replace(/ {2,}/g, " ")
    .trimEnd();
}
