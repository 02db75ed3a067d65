/** What a report says of failures: the page in a browser, and the trace. */
import * as fs from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserSkippedWord, noBrowser, openBrowser, openPage } from "./browser.ts";
import { libbell, ringer } from "./stack.ts";
import { noView, openWorkshop, skippedWord, type Workshop } from "./workshop.ts";

let bad: Workshop;
let browser: Browser;

const evil = "</script><script>document.title='taken'</script><img src=x onerror=alert(1)>";

/** Prints what would be markup, and needs a library that it has not declared. */
function withFailure(workshop: Workshop): void {
  workshop.edit("packages/ringer.toml", 'depends.run = ["libbell"]\n', "");
  workshop.edit(
    "ringer/Makefile.in",
    "ringer: ringer.c\n",
    `ringer: ringer.c\n\t@echo "${evil}"\n`,
  );
}

const word = `${skippedWord}${browserSkippedWord}`;

describe.skipIf(noView !== undefined || noBrowser !== undefined)(
  `a failure in a report${word}`,
  () => {
    beforeAll(async () => {
      browser = await openBrowser();
      bad = openWorkshop({ ...libbell, ...ringer });
      withFailure(bad);
      expect(await bad.run(["build"])).toMatchObject({ code: 1 });
    });
    afterAll(async () => {
      bad?.dispose();
      await browser?.close();
    });

    test("shows its reason and its log, as text", async () => {
      await bad.must("report", "--output", "report.html");
      const { page, complaints } = await openPage(browser, `${bad.workspace}/report.html`);
      expect(await page.locator("h1").innerText()).toMatch(/^1 of 2 packages failed; 1 built in /);
      const failure = page.locator('.failure[data-package="ringer"]');
      expect(await failure.innerText()).toContain("the header bell.h is missing");
      expect(await failure.locator(".cure").innerText()).toContain(
        "comes from libbell: add it to ",
      );
      expect(await failure.locator("pre.error").innerText()).toContain("fatal error: bell.h");
      const marked = await failure.locator("mark").allInnerTexts();
      expect(marked).toHaveLength(2); // in the excerpt, and in the log
      for (const line of marked) expect(line).toContain("fatal error: bell.h");
      expect(await failure.innerText()).not.toContain("Seen before");
      const log = await failure.locator("pre.log").innerText();
      expect(log).toContain("fatal error: bell.h");
      expect(log).toContain(evil);
      expect(await page.title()).toMatch(/^1 failed · /);
      expect(complaints).toEqual([]);
    });

    test("that comes back is told from a new one, with what the team knows", async () => {
      const { packages } = JSON.parse(await bad.must("report", "--json"));
      const { failure } = packages.find(({ name }: { name: string }) => name === "ringer");
      const note = `fingerprint = "${failure.fingerprint}"\nnote = "<b>Ring</b> twice."\n`;
      bad.write({ "known-failures.toml": `[[failure]]\n${note}` });
      expect(await bad.run(["build"])).toMatchObject({ code: 1 });
      await bad.must("report", "--output", "again.html", "--trace", "again.json");
      const { page, complaints } = await openPage(browser, `${bad.workspace}/again.html`);
      const shown = await page.locator('.failure[data-package="ringer"]').innerText();
      expect(shown).toContain("Known: <b>Ring</b> twice.");
      expect(shown).toMatch(/Seen before: 1 time since \d{4}-\d\d-\d\d, last in run /);
      expect(shown).toContain(failure.fingerprint);
      expect(complaints).toEqual([]);
      const { traceEvents } = JSON.parse(
        fs.readFileSync(`${bad.workspace}/again.json`, "utf8"),
      ) as { traceEvents: { name: string; args?: { failure?: unknown } }[] };
      expect(traceEvents.find(({ name }) => name === "ringer")?.args?.failure).toMatchObject({
        reason: "the header bell.h is missing",
        hints: [expect.stringContaining("comes from libbell")],
        seen: { times: 1 },
        known: { note: "<b>Ring</b> twice." },
      });
    });
  },
);
