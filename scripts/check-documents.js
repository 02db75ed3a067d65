/**
 * What documents say of files is true: relative links lead somewhere, and the map and the decisions name
 * paths, rooms and floors that are there. Each decision has its form and stands in the index. The reference
 * names all keys, events and variables that the code knows. Sentences are without the habits of docs/style.md.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { wrongBlocks } from "./documents/code-blocks.js";
import { habitsIn } from "./documents/words.js";
import { unnamedKeys } from "./documents/named-keys.js";

const map = "ARCHITECTURE.md";
const decisions = "docs/decisions";
const index = `${decisions}/README.md`;
const labels = "Why Price Where Proof";

/** @type {string[]} */
const faults = [];
const inDocs = readdirSync("docs", { recursive: true, encoding: "utf8" }).map(
  (name) => `docs/${name}`,
);
const documents = [...readdirSync("."), ...inDocs].filter((name) => name.endsWith(".md"));
for (const document of documents) checkLinks(document);
faults.push(...documents.flatMap(habitsIn), ...documents.flatMap(wrongBlocks), ...unnamedKeys());
const pages = documents.filter((name) => name.startsWith(`${decisions}/`) && name !== index);
for (const document of [map, index, "docs/evidence.md", ...pages]) checkPaths(document);
for (const page of pages) checkDecisions(page);
checkRooms();

if (faults.length > 0) {
  process.stdout.write(`${faults.join("\n")}\n`);
  process.exit(1);
}
process.stdout.write(`${documents.length} documents\n`);

/** @param {string} document */
function checkLinks(document) {
  for (const [, target = ""] of proseOf(document).matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/.test(target)) continue;
    const [path = "", anchor] = target.split("#");
    const file = path === "" ? document : join(dirname(document), path);
    if (!existsSync(file)) faults.push(`${document}: there is no ${file}`);
    else if (anchor !== undefined && !headingsOf(file).map(anchorOf).includes(anchor))
      faults.push(`${document}: ${file} has no heading for #${anchor}`);
  }
}

/** @param {string} document */
function checkPaths(document) {
  const paths = /(?<![\w./-])(?:src|test|proof|bench|scripts|docs)\/[\w./-]*/g;
  for (const [found] of proseOf(document, /```[^]*?```/g).matchAll(paths)) {
    const path = found.replace(/\.$/, "");
    if (!existsSync(path)) faults.push(`${document}: there is no ${path}`);
  }
}

/** @param {string} page */
function checkDecisions(page) {
  const listed = readFileSync(index, "utf8");
  for (const section of readFileSync(page, "utf8").split(/^## /m).slice(1)) {
    const [heading = ""] = section.split("\n");
    const found = [...section.matchAll(/^- \*\*(\w+)\*\*: /gm)].map(([, label]) => label).join(" ");
    if (found !== labels) faults.push(`${page}: "${heading}" has ${found}; expected ${labels}`);
    const link = `(${page.slice(decisions.length + 1)}#${anchorOf(heading)})`;
    if (!listed.includes(link)) faults.push(`${index}: no link to ${link}`);
  }
}

/** The table of rooms has each folder of src/ on its floor. */
function checkRooms() {
  const floors = readFileSync("scripts/floors.js", "utf8");
  const text = readFileSync(map, "utf8");
  for (const { name } of readdirSync("src", { withFileTypes: true })) {
    const floor = new RegExp(`^  "?${name}"?: (\\d+),$`, "m").exec(floors)?.[1];
    if (!text.includes(`\n| ${floor} | \`${name}/\` | `))
      faults.push(`${map}: no row for ${name}/ on floor ${floor}`);
  }
}

/**
 * Without the code, which may look like anything.
 * @param {string} document
 */
function proseOf(document, code = /```[^]*?```|`[^`\n]*`/g) {
  return readFileSync(document, "utf8").replace(code, "");
}

/** @param {string} document */
function headingsOf(document) {
  return [...proseOf(document, /```[^]*?```/g).matchAll(/^#+ (.*)$/gm)].map(
    ([, text = ""]) => text,
  );
}

/**
 * As GitHub makes it of a heading.
 * @param {string} heading
 */
function anchorOf(heading) {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");
}
