/** The report as one HTML page: style, script and the run inside, nothing from elsewhere. */
import { createHash } from "node:crypto";
import type { Run } from "../events/index.ts";
import { visible, visibleLines } from "../core/index.ts";

/** What the bundler makes of `page/`. */
export interface PageParts {
  readonly script: string;
  readonly style: string;
}

/**
 * The page's own policy allows exactly this script and this style, by their digests, and no
 * address at all. The run is data, not markup: `<` is written as `\u003c`, so that nothing in a
 * log can end the element; the script shows all of it as text. What would turn the direction of
 * writing, or is not seen, is written out as in a terminal.
 */
export function renderPage(run: Run, { script, style }: PageParts): string {
  const policy = [
    "default-src 'none'",
    `script-src '${digestOf(script)}'`,
    `style-src '${digestOf(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="generator" content="tenon ${escapeText(run.tenon)}">
<title>${escapeText(titleOf(run))}</title>
<style>${style}</style>
</head>
<body>
<noscript>This report draws itself with a script that is part of this file.</noscript>
<script type="application/json" id="run">${JSON.stringify(run, shown).replaceAll("<", "\\u003c")}</script>
<script>${script}</script>
</body>
</html>
`;
}

function titleOf({ outcome, packages, prefix }: Run): string {
  const failed = packages.filter(({ state }) => state === "failed").length;
  const end = failed > 0 ? `${failed} failed` : outcome;
  return `${end} · ${prefix.split("/").slice(-2).join("/")} · tenon`;
}

function shown(_key: string, value: unknown): unknown {
  return typeof value === "string" ? visibleLines(value) : value;
}

function escapeText(text: string): string {
  return visible(text).replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function digestOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
