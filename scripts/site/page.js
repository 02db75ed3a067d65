/** One page of the site: its content between the list of all pages and the search. */
import { dirname, relative } from "node:path";

/** @import { Page } from "./pages.js" */

/** @type {[title: string, belongs: (file: string) => boolean][]} */
const groups = [
  ["Learn", (file) => ["README.md", "docs/tutorial.md", "docs/README.md"].includes(file)],
  ["How-to guides", (file) => file.startsWith("docs/how-to/")],
  ["Reference", (file) => file.startsWith("docs/reference/")],
  ["Explanation", (file) => file.startsWith("docs/explanation/") || file === "docs/evidence.md"],
  ["For developers", () => true],
];

/**
 * @param {Page} page
 * @param {readonly Page[]} pages
 */
export function renderPage(page, pages) {
  const root = relative(dirname(page.address), ".") || ".";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self' data: file:; style-src 'self' 'unsafe-inline' file:; script-src 'self' file:">
<title>${page.file === "README.md" ? "tenon" : `${escape(page.title)} · tenon`}</title>
<link rel="stylesheet" href="${root}/style.css">
<script src="${root}/search.js" defer></script>
</head>
<body data-root="${root}">
<a class="skip" href="#content">Skip to the content</a>
<header>
<a class="name" href="${root}/index.html">tenon</a>
<div class="search" role="search">
<input type="search" placeholder="Search (press /)" aria-label="Search the documents" autocomplete="off">
<ol hidden></ol>
</div>
</header>
<div class="columns">
<nav aria-label="Pages">
<details open>
<summary>All pages</summary>
${renderList(page, pages)}
</details>
</nav>
<main id="content" tabindex="-1">
${page.html}
</main>
</div>
</body>
</html>
`;
}

/**
 * @param {Page} page
 * @param {readonly Page[]} pages
 */
function renderList(page, pages) {
  const rest = new Set(pages);
  return groups
    .map(([title, belongs]) => {
      const own = [...rest].filter(({ file }) => belongs(file));
      for (const each of own) rest.delete(each);
      return `<h2>${title}</h2>\n<ul>\n${own.map((each) => renderItem(page, each)).join("\n")}\n</ul>`;
    })
    .join("\n");
}

/**
 * @param {Page} page
 * @param {Page} other
 */
function renderItem(page, other) {
  const current = page === other ? ' aria-current="page"' : "";
  const title = other.file === "README.md" ? "What tenon is" : other.title;
  const to = relative(dirname(page.address), other.address);
  return `<li><a href="${to}"${current}>${escape(title)}</a></li>`;
}

function escape(/** @type {string} */ text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
