/** The page of a report: nothing from a build can become markup. */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { renderPage } from "../../src/report/page-text.ts";
import { makeRun } from "../../src/events/make-run.ts";
import { syntheticEvents } from "../events/synthetic-events.ts";

const evil = '</script><script>alert(1)</script><!-- <script> & "quoted"';
const script = "start()";
const style = "p{color:red}";
const events = syntheticEvents({
  graph: [{ name: "bad", needs: [] }],
  jobs: 1,
  seed: 1,
  failing: new Set(["bad"]),
}).map((event) => (event.kind === "run-started" ? { ...event, prefix: `/p/${evil}` } : event));
const run = makeRun({ id: evil, events, logs: new Map([["bad", evil]]) });
const page = renderPage(run, { script, style });

test("what is in a log cannot end the element that holds it", () => {
  const [, data = ""] = page.match(/<script type="application\/json" id="run">([^<]*)</) ?? [];
  expect(JSON.parse(data)).toEqual(JSON.parse(JSON.stringify(run)));
  expect(page.match(/<\/script>/g)).toHaveLength(2);
  expect(page.match(/<script/g)).toHaveLength(2);
  expect(page).not.toContain("<!--");
});

test("what would turn the direction of writing is written out, and colours are left out", () => {
  const log = "\u001B[31mred\u001B[0m\n\u202Egnp.exe \u2028\u009B";
  const turned = makeRun({ id: "1", events, logs: new Map([["bad", log]]) });
  const shown = renderPage(turned, { script, style });
  expect(shown).not.toMatch(/[\u202E\u2028\u0080-\u009F]/);
  expect(shown).toContain(String.raw`red\n\\u202egnp.exe \\u2028\\u009b`);
});

test("the title is text", () => {
  const [, title] = page.match(/<title>([^]*?)<\/title>/) ?? [];
  expect(title).toContain("1 failed");
  expect(title).not.toMatch(/[<>"]/);
});

test("the page's policy allows this script and this style, and nothing else", () => {
  const [, policy = ""] = page.match(/Content-Security-Policy" content="([^"]*)"/) ?? [];
  const digest = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  expect(policy.split("; ")).toEqual([
    "default-src 'none'",
    `script-src ${digest(script)}`,
    `style-src ${digest(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ]);
  expect(page).toContain(`<script>${script}</script>`);
  expect(page).toContain(`<style>${style}</style>`);
});
