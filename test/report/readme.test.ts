/** The README shows a real run; here its lines are compared with what the program prints today. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { EventBody } from "../../src/core/index.ts";
import { renderBuildResult } from "../../src/report/build-text.ts";
import { createProgress } from "../../src/report/progress.ts";
import { renderPackages } from "../../src/report/query-text.ts";
import { makeStyle } from "../../src/report/style.ts";

const style = makeStyle(false);
const currentDirectory = "/home/you/tenon";
const prefix = `${currentDirectory}/examples/quickstart/prefix`;

test("the README's run of the quickstart reads as the program prints it", () => {
  const shown = blockOf("quickstart").filter((line) => !line.startsWith("$ "));
  const packages = quickstartPackages();
  const possible = new Set(possibleLines(packages).map(mask));
  expect(shown.map(mask).filter((line) => !possible.has(line))).toEqual([]);
  for (const { name } of packages) expect(shown.join("\n")).toContain(`built ${name} `);
});

test("the failure in the how-to guide reads as the program prints it", () => {
  const shown = blockOf("undeclared", "docs/how-to/debug-a-failed-build.md").filter(
    (line) => !line.startsWith("$ "),
  );
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
          logTail: shown.filter((line) => line.startsWith("  | ")).map((line) => line.slice(4)),
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

function blockOf(name: string, page = "README.md"): string[] {
  const text = readFileSync(page, "utf8");
  const [, block] = text.match(new RegExp(`<!-- run: ${name} -->\n\`\`\`\n([^]*?)\n\`\`\``)) ?? [];
  if (block === undefined) throw new Error(`${page} shows no run called ${name}`);
  return block.split("\n");
}

function quickstartPackages(): { name: string; version: string }[] {
  const folder = "examples/quickstart/packages";
  const written = readdirSync(folder).map((file) => {
    const text = readFileSync(`${folder}/${file}`, "utf8");
    const value = (key: string): string => text.match(`${key} = "(.*)"`)?.[1] ?? "";
    return { name: value("name"), version: value("version") };
  });
  return [...written, { name: "python-venv", version: "1" }];
}

function possibleLines(packages: readonly { name: string; version: string }[]): string[] {
  const render = createProgress({ style, verbose: false, currentDirectory });
  const count = packages.length;
  const events = packages.flatMap(({ name, version }): EventBody[] => [
    { kind: "build-started", package: name, version },
    { kind: "fetch-finished", package: name, bytes: 1, durationMs: 1 },
    { kind: "build-finished", package: name, version, result: "built", durationMs: 1 },
  ]);
  const lines = [
    { kind: "run-started", run: "", packages: count, outOfDate: count, jobs: 2, prefix } as const,
    ...events,
    {
      kind: "prefix-changed",
      transaction: "",
      packages: packages.map(({ name }) => name),
      removed: [],
      files: 1000,
      sizeBytes: 1e6,
      durationMs: 1,
    } as const,
  ].flatMap(render);
  const done = { kind: "done", packages: count, built: count, removed: [], durationMs: 1 } as const;
  const result = { ...done, changed: packages.map(({ name }) => name) };
  const rows = packages.map((each) => ({
    ...each,
    files: 1,
    sizeBytes: 1,
    buildMs: 1,
    installedAtMs: 0,
    artifact: "",
  }));
  return [
    ...lines,
    ...renderBuildResult(result, { style, currentDirectory, retry: "", lookCloser: () => [] }),
    ...renderPackages(rows),
    "",
    "Hello, you, from C!",
  ];
}

/** Without what differs from run to run: times, sizes, counts, and the padding around them. */
function mask(line: string): string {
  return line
    .replace(/^\[[ \d]+\//, "[n/")
    .replace(/\d{8}T\d{6}Z-\w+/, "RUN")
    .replace(/(\d+ min )?[\d.]+ (s|min|h|B|kB|MB)\b/g, "AMOUNT")
    .replace(/\d[\d,]* (files|packages)/g, "N $1")
    .replace(/^(\S+ +\S+) .*AMOUNT.*AMOUNT$/, "$1 …")
    .replace(/ {2,}/g, " ")
    .trimEnd();
}
