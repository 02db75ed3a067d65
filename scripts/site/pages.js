/** Markdown files as pages: their HTML, their headings, and where the links of each lead in the site. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/**
 * @typedef {{ anchor: string, heading: string, text: string }} Section
 * @typedef {object} Page
 * @property {string} file the Markdown file, from the project's folder
 * @property {string} address from the site's root
 * @property {string} title
 * @property {string} html
 * @property {Section[]} sections
 */

// By a name that the type check does not follow: only this script needs the package.
const markdown = "marked";

/** @returns {Promise<{ pages: Page[], files: string[] }>} `files` are those that pages link to or show */
export async function readPages() {
  const { Marked } = await import(markdown);
  const inDocs = readdirSync("docs", { recursive: true, encoding: "utf8" }).map(
    (name) => `docs/${name}`,
  );
  const documents = [...readdirSync("."), ...inDocs].filter((name) => name.endsWith(".md")).sort();
  /** @type {Set<string>} */
  const files = new Set();
  const pages = documents.map((file) => readPage(new Marked(), file, files));
  return { pages, files: [...files] };
}

/** `docs/how-to/install.md` is `how-to/install.html`; the README is the first page. */
export function addressOf(/** @type {string} */ file) {
  if (file === "README.md") return "index.html";
  if (file === "docs/README.md") return "documents.html";
  return file
    .replace(/^docs\//, "")
    .replace(/README\.md$/, "index.md")
    .replace(/\.md$/, ".html");
}

/**
 * @param {any} marked
 * @param {string} file
 * @param {Set<string>} files
 * @returns {Page}
 */
function readPage(marked, file, files) {
  const address = addressOf(file);
  marked.use({
    renderer: {
      /** @this {any} */
      heading({ tokens, depth, text }) {
        const anchor = anchorOf(plain(text));
        const link =
          depth === 1
            ? ""
            : ` <a class="anchor" href="#${anchor}" aria-label="Link to this section">#</a>`;
        return `<h${depth} id="${anchor}">${this.parser.parseInline(tokens)}${link}</h${depth}>\n`;
      },
      table(/** @type {any} */ token) {
        return `<div class="wide">${tableOf(this, token)}</div>\n`;
      },
      html: ({ text }) => (text.startsWith("<!--") ? "" : text),
    },
    walkTokens(/** @type {any} */ token) {
      if (token.type === "link" || token.type === "image")
        token.href = targetOf(token.href, file, address, files);
    },
  });
  const source = readFileSync(file, "utf8");
  const html = marked.parse(source);
  const found = sectionsIn(source);
  return { file, address, title: found[0]?.heading ?? file, html, sections: found };
}

/** The words of each section, code included. @returns {Section[]} */
function sectionsIn(/** @type {string} */ source) {
  /** @type {Section[]} */
  const sections = [];
  let isCode = false;
  for (const line of source.split("\n")) {
    if (line.startsWith("```")) isCode = !isCode;
    const [, marks = "", heading = ""] = isCode ? [] : (/^(#+) (.*)$/.exec(line) ?? []);
    if (marks !== "") {
      const text = plain(heading);
      sections.push({ anchor: marks === "#" ? "" : anchorOf(text), heading: text, text: "" });
    } else if (!/^(```|<!--|\| --- )/.test(line)) {
      const section = sections.at(-1);
      if (section !== undefined) section.text += ` ${plain(line)}`;
    }
  }
  return sections.map((each) => ({ ...each, text: each.text.replace(/\s+/g, " ").trim() }));
}

/** marked's own table, for which its renderer has no name when it is replaced. */
function tableOf(/** @type {any} */ renderer, /** @type {any} */ { header, rows }) {
  const cell = (/** @type {string} */ name, /** @type {any} */ each) =>
    `<${name}>${renderer.parser.parseInline(each.tokens)}</${name}>`;
  const row = (/** @type {string} */ name, /** @type {any[]} */ cells) =>
    `<tr>${cells.map((each) => cell(name, each)).join("")}</tr>`;
  const body = rows.map((/** @type {any[]} */ cells) => row("td", cells)).join("\n");
  return `<table><thead>${row("th", header)}</thead><tbody>\n${body}\n</tbody></table>`;
}

/** Where a link of a page leads in the site; a folder leads to the list of documents. */
function targetOf(
  /** @type {string} */ href,
  /** @type {string} */ file,
  /** @type {string} */ address,
  /** @type {Set<string>} */ files,
) {
  if (/^[a-z]+:|^#/.test(href)) return href;
  const [path = "", anchor] = href.split("#");
  let target = join(dirname(file), decodeURI(path)).replace(/\/$/, "");
  if (existsSync(target) && statSync(target).isDirectory())
    target = existsSync(`${target}/README.md`) ? `${target}/README.md` : "docs/README.md";
  const isPage = target.endsWith(".md");
  if (!isPage) files.add(target);
  const to = relative(dirname(address), isPage ? addressOf(target) : target);
  return anchor === undefined ? to : `${to}#${anchor}`;
}

/** As GitHub makes it of a heading. */
export function anchorOf(/** @type {string} */ heading) {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");
}

/** Markdown without its marks. */
function plain(/** @type {string} */ text) {
  return text
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/^\s*[-*] |[*`]/g, "")
    .replace(/\|/g, " ")
    .replace(/ {2,}/g, " ")
    .trim();
}
