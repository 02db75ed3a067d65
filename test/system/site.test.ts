/** The site of the documents, as a person uses it in a browser. */
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserSkippedWord, noBrowser, openBrowser } from "./browser.ts";

const site = fs.mkdtempSync(join(os.tmpdir(), "tenon-site-"));
let browser: Browser;

/** A page of the site, with what its scripts and its policy complained of. */
async function open(name: string, options: Parameters<Browser["newPage"]>[0]) {
  const page: Page = await browser.newPage(options);
  const complaints: string[] = [];
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("console", (message) => complaints.push(message.text()));
  await page.goto(`file://${site}/${name}`);
  return { page, complaints };
}

describe.skipIf(noBrowser !== undefined)(`the site${browserSkippedWord}`, () => {
  beforeAll(async () => {
    execFileSync(process.execPath, ["scripts/site/site.js", "--out", site]);
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    fs.rmSync(site, { recursive: true });
  });

  test("every page fits a screen of 320 pixels", async () => {
    const { page, complaints } = await open("index.html", {
      viewport: { width: 320, height: 600 },
    });
    const names = fs.readdirSync(site, { recursive: true, encoding: "utf8" });
    const pages = names.filter((name) => name.endsWith(".html"));
    expect(pages.length).toBeGreaterThan(40);
    const wide: string[] = [];
    for (const name of pages) {
      await page.goto(`file://${site}/${name}`);
      const width = await page.evaluate("document.documentElement.scrollWidth");
      if (Number(width) > 320) wide.push(`${name}: ${width}`);
    }
    expect({ wide, complaints }).toEqual({ wide: [], complaints: [] });
  });

  test("it is dark where the person wants that", async () => {
    const colours = [];
    for (const colorScheme of ["light", "dark"] as const) {
      const { page } = await open("tutorial.html", { colorScheme });
      colours.push(await page.evaluate("getComputedStyle(document.body).backgroundColor"));
    }
    expect(colours).toEqual(["rgb(255, 255, 255)", "rgb(20, 24, 29)"]);
  });

  test("the search finds a section, and leads there", async () => {
    const { page, complaints } = await open("reference/recipes.html", {});
    await page.keyboard.press("/");
    await page.keyboard.type("weak renames");
    await page.waitForSelector(".search li a");
    const found = await page.locator(".search li strong").allTextContents();
    expect(found[0]).toContain("Weak renames");
    await page.locator(".search li a").first().click();
    expect(page.url()).toContain("explanation/transaction.html#weak-renames");
    expect(complaints).toEqual([]);
  });
});
