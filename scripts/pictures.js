/**
 * The pictures of the documentation, of a report that `tenon report` has written, in the system's Chromium:
 *
 *     node scripts/pictures.js REPORT.html [--hide FOLDER] [--graph PACKAGE]
 *
 * `--hide` names a folder of this machine that the pictures show as /home/you; `--graph` the package around which the
 * graph is shown.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { hide: { type: "string" }, graph: { type: "string" } },
});
const folder = mkdtempSync(`${tmpdir()}/tenon-pictures-`);
const written = readFileSync(positionals[0] ?? "", "utf8");
const page = `${folder}/report.html`;
writeFileSync(page, values.hide ? written.replaceAll(values.hide, "/home/you") : written);
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
try {
  await take("summary", { height: 620 });
  await take("timeline", { height: 760, part: "#timeline" });
  await take("graph", { height: 760, part: "#graph", scheme: "dark", chosen: values.graph });
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}

/**
 * @param {string} name
 * @param {{ height: number, part?: string, scheme?: "light" | "dark", chosen?: string | undefined }} what
 */
async function take(name, { height, part, scheme = "light", chosen }) {
  const shown = await browser.newPage({ colorScheme: scheme, viewport: { width: 1240, height } });
  const address = chosen === undefined ? "" : `#package=${encodeURIComponent(chosen)}`;
  await shown.goto(`file://${page}${address}`);
  await shown.waitForSelector("html[data-ready]", { state: "attached" });
  if (part !== undefined) await shown.locator(part).scrollIntoViewIfNeeded();
  if (part !== undefined) await shown.locator(part).evaluate((each) => each.scrollIntoView());
  await shown.waitForTimeout(300); // the log is scrolled when it is seen
  await shown.screenshot({ path: `docs/images/report-${name}.png` });
  await shown.close();
}
