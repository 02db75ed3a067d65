/** `tenon report` after real builds: the trace, and the page as a person uses it in a browser. */
import * as fs from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserSkippedWord, noBrowser, openBrowser, openPage } from "./browser.ts";
import { stack } from "./stack.ts";
import { noView, openWorkshop, skippedWord, type Workshop } from "./workshop.ts";

let shop: Workshop;

describe.skipIf(noView !== undefined)(`the report of a run${skippedWord}`, () => {
  beforeAll(async () => {
    shop = openWorkshop(stack);
    await shop.must("build", "-j2");
  });
  afterAll(() => shop?.dispose());

  test("is written into the run's folder, or where one says", async () => {
    const [run = ""] = fs.readdirSync(`${shop.workspace}/.tenon/runs`);
    expect(await shop.must("report")).toBe(
      `wrote the report of run ${run} to .tenon/runs/${run}/report.html\n`,
    );
    expect(await shop.must("report", "--run", run, "--output", "page.html")).toContain("page.html");
    const read = (file: string): string => fs.readFileSync(`${shop.workspace}/${file}`, "utf8");
    expect(read("page.html")).toBe(read(`.tenon/runs/${run}/report.html`));
    expect(await shop.run(["report", "--run", "none"])).toMatchObject({ code: 2, stdout: "" });
  });

  test("is a trace, too", async () => {
    await shop.must("report", "--trace", "trace.json");
    const trace = JSON.parse(fs.readFileSync(`${shop.workspace}/trace.json`, "utf8"));
    const { traceEvents }: { traceEvents: { name: string; cat?: string }[] } = trace;
    const built = traceEvents.filter(({ cat }) => cat === "package").map(({ name }) => name);
    expect(built).toEqual(expect.arrayContaining(["libbell", "pybell", "ringer"]));
  });

  test("--json gives what the page is made from", async () => {
    const run = JSON.parse(await shop.must("report", "--json"));
    expect(run).toMatchObject({ outcome: "done", jobs: 2 });
    expect(run.bound.spanMs).toBeGreaterThanOrEqual(run.bound.boundMs * 0.999);
    const libbellRun = run.packages.find(({ name }: { name: string }) => name === "libbell");
    expect(libbellRun.processorMs).toBeGreaterThan(0);
  });

  describe.skipIf(noBrowser !== undefined)(`in a browser${browserSkippedWord}`, () => {
    let browser: Browser;
    beforeAll(async () => void (browser = await openBrowser()));
    afterAll(() => browser?.close());

    test("search, focus, keys, colours and paper; no complaint and no request", async () => {
      await shop.must("report", "--output", "report.html");
      const { page, complaints } = await openPage(browser, `${shop.workspace}/report.html`);
      expect(await page.locator("h1").innerText()).toContain("6 packages built, 1 wheel unpacked");
      expect(await shownRows(page)).toHaveLength(7);
      expect(await page.locator("#packages tbody tr").count()).toBe(7);

      await searchAndChoose(page);
      await walkTheGraph(page);
      await useTheKeys(page);
      await changeColours(page);
      const pdf = await page.pdf();
      expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
      expect(complaints).toEqual([]);
    });

    test("follows the system into the dark", async () => {
      await shop.must("report", "--output", "report.html");
      const { page } = await openPage(browser, `${shop.workspace}/report.html`);
      const light = await paperOf(page);
      await page.emulateMedia({ colorScheme: "dark" });
      expect(await paperOf(page)).not.toBe(light);
      await page.emulateMedia({ media: "print" });
      expect(await page.locator("header.bar").isVisible()).toBe(false);
    });
  });
});

const shownRows = (page: Page): Promise<string[]> =>
  page.locator("#timeline .row:visible .name").allInnerTexts();

const paperOf = (page: Page): Promise<string> =>
  page.evaluate("getComputedStyle(document.body).backgroundColor");

async function searchAndChoose(page: Page): Promise<void> {
  await page.keyboard.press("/");
  await page.keyboard.type("bell");
  expect((await shownRows(page)).sort()).toEqual(["libbell", "pybell"]);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  const detail = page.locator("aside.detail");
  expect(await detail.locator("h2").innerText()).toBe("libbell 1.0");
  expect(await detail.innerText()).toMatch(/Needed by 2 packages\s+pybell, ringer/);
  expect(page.url()).toMatch(/#package=libbell$/);
  expect(await shownRows(page)).toHaveLength(7);
}

async function walkTheGraph(page: Page): Promise<void> {
  const detail = page.locator("aside.detail");
  await page.getByRole("button", { name: "Direct" }).click();
  const nodes = page.locator("#graph .node");
  const names = await nodes.locator("title").allTextContents();
  expect(names.sort()).toEqual(["libbell", "pybell", "ringer"]);
  await page.locator('#graph [data-package="ringer"] .dot').click();
  expect(await detail.locator("h2").innerText()).toBe("ringer 1.0");
  await page.keyboard.press("Escape");
  expect(await detail.isVisible()).toBe(false);
  expect(await page.locator("#graph .node").count()).toBe(7);
}

async function useTheKeys(page: Page): Promise<void> {
  const detail = page.locator("aside.detail");
  await page.locator("#timeline .name").first().focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  const second = (await shownRows(page))[1];
  expect(await detail.locator("h2").innerText()).toContain(second);

  await page.keyboard.press("?");
  expect(await page.getByRole("dialog").isVisible()).toBe(true);
  await page.keyboard.press("Escape");
  expect(await page.getByRole("dialog").isVisible()).toBe(false);
}

async function changeColours(page: Page): Promise<void> {
  const light = await paperOf(page);
  await page.keyboard.press("d");
  expect(await paperOf(page)).not.toBe(light);
  await page.keyboard.press("d");
  expect(await paperOf(page)).toBe(light);
}
