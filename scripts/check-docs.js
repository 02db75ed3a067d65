/**
 * `npm run check:docs`: all that can be checked of the documents. Their links, words, names and the form of their code; the links,
 * anchors and pictures of the site; and by tests each command of the tutorial and the guides, the README's picture, and what is
 * made from the code.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";

const folder = mkdtempSync(`${tmpdir()}/tenon-site-`);
const tests = ["tutorial", "how-to", "site", "examples"].map(
  (name) => `test/system/${name}.test.ts`,
);
/** @type {[program: string, args: string[]][]} */
const steps = [
  ["scripts/check-documents.js", []],
  ["scripts/site/site.js", ["--out", folder]],
  [
    "node_modules/vitest/vitest.mjs",
    ["run", "--project", "unit", "test/report/readme", "test/cli/manual", "test/cli/reference"],
  ],
  ["node_modules/vitest/vitest.mjs", ["run", "--project", "system", ...tests]],
];
try {
  for (const [program, args] of steps) {
    const { status } = spawnSync(process.execPath, [program, ...args], { stdio: "inherit" });
    if (status !== 0) {
      process.exitCode = status ?? 1;
      break;
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
