/**
 * `npm run site`: the documents as a static site in site/, which needs no server and loads nothing from elsewhere. Each Markdown file
 * becomes a page at its own path; files that pages link to come along. Every link is checked before anything counts as made.
 * `--out DIR` names another folder.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { brokenLinks } from "./links.js";
import { renderPage } from "./page.js";
import { readPages } from "./pages.js";

const { values } = parseArgs({ options: { out: { type: "string", default: "site" } } });
const { out } = values;

const { pages, files } = await readPages();
rmSync(out, { recursive: true, force: true });
for (const page of pages) write(page.address, renderPage(page, pages));
for (const name of ["style.css", "search.js"])
  write(name, readFileSync(join("scripts/site", name), "utf8"));
write("search-index.js", `window.searchIndex = ${JSON.stringify(pages.flatMap(sectionsOf))};\n`);
for (const file of files) {
  mkdirSync(dirname(join(out, file)), { recursive: true });
  cpSync(file, join(out, file));
}

const broken = brokenLinks(out);
if (broken.length > 0) {
  process.stdout.write(`${broken.join("\n")}\n`);
  process.exit(1);
}
process.stdout.write(`${pages.length} pages in ${out}/\n`);

function write(/** @type {string} */ path, /** @type {string} */ text) {
  mkdirSync(dirname(join(out, path)), { recursive: true });
  writeFileSync(join(out, path), text);
}

/** What can be found: each section of a page with its words. @param {import("./pages.js").Page} page */
function sectionsOf({ address, title, sections }) {
  return sections.map(({ anchor, heading, text }) => ({
    address: anchor === "" ? address : `${address}#${anchor}`,
    page: title,
    heading,
    text,
  }));
}
