/** The system's own Chromium, for pages that tenon writes; nothing is downloaded for it. */
import * as fs from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const program = places.find((place) => fs.existsSync(place));

/** Why pages cannot be opened here; undefined when they can. */
export const noBrowser: string | undefined =
  program === undefined ? "there is no Chromium: apt-get install chromium" : undefined;

export const browserSkippedWord = noBrowser === undefined ? "" : ` (skipped: ${noBrowser})`;

export async function openBrowser(): Promise<Browser> {
  // Its sandbox cannot be had by root, as whom tests run in containers.
  return chromium.launch({ executablePath: program ?? "", args: ["--no-sandbox"] });
}

export interface Opened {
  readonly page: Page;
  /** Errors of scripts, what they wrote to the console, and requests for anything but the file. */
  readonly complaints: string[];
}

export async function openPage(browser: Browser, file: string): Promise<Opened> {
  const page = await browser.newPage({ colorScheme: "light" });
  const complaints: string[] = [];
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("console", (message) => complaints.push(message.text()));
  page.on("request", (request) => {
    if (!request.url().startsWith(`file://${file}`)) complaints.push(request.url());
  });
  await page.goto(`file://${file}`);
  await page.waitForSelector("html[data-ready]", { state: "attached" });
  return { page, complaints };
}
