/** The checks of the documents find what they are for. */
import * as fs from "node:fs";
import * as os from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { wrongBlocks } from "../../scripts/documents/code-blocks.js";
import { unnamedKeys } from "../../scripts/documents/named-keys.js";
import { habitsIn } from "../../scripts/documents/words.js";
import { brokenLinks } from "../../scripts/site/links.js";

const folder = fs.mkdtempSync(join(os.tmpdir(), "tenon-documents-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  fs.writeFileSync(join(folder, name), text);
  return join(folder, name);
}

test.each([
  "This is no prefix.",
  "These are no\nfiles.",
  "It begins. Who edits a file changes both.",
  "The prefix is as it was.",
  "It was killed for want of memory.",
  "A missing file is told.",
  "A line ends.\nWhat is missing is built.",
  "- **Whose key it is** is shown: see there.",
  "zlib is to be built.",
])("a hard sentence is found: %s", (text) => {
  expect(habitsIn(write("hard.md", `# Title\n\n${text}\n`))).toHaveLength(1);
});

test.each([
  "There is no prefix.",
  "It is no longer there.",
  "Who owns a file?",
  "What is missing, and why?",
  "What you have built is kept.",
  "`x is no file`, said it once, stays in `code`: see <!-- as-is --> this is no file",
  "```\nthis is no text\n```",
])("a plain one is not: %s", (text) => {
  expect(habitsIn(write("plain.md", `# Title\n\n${text}\n`))).toEqual([]);
});

test("code that is wrong by its form is found, with its line", () => {
  const page = write(
    "code.md",
    "# Title\n\n```toml\na = \n```\n\n```sh\nif\n```\n\n```console\n$ a\n```\n",
  );
  const lines = wrongBlocks(page).map((each) => Number(each.slice(page.length + 1).split(":")[0]));
  expect(lines).toEqual([3, 7, 11]);
  expect(wrongBlocks(write("good.md", "```toml\na = 1\n```\n"))).toEqual([]);
});

test("the reference names all that the code knows", () => {
  expect(unnamedKeys()).toEqual([]);
});

test("links of the site that lead nowhere are found, and pictures without words", () => {
  const site = join(folder, "site");
  fs.mkdirSync(site);
  fs.writeFileSync(join(site, "b.html"), '<h2 id="here">b</h2>');
  const good = '<a href="b.html#here">b</a> <img src="b.html" alt="a picture of b">';
  fs.writeFileSync(join(site, "a.html"), good);
  expect(brokenLinks(site)).toEqual([]);
  const bad = '<a href="c.html">c</a> <a href="b.html#there">b</a> <img src="b.html" alt="">';
  fs.writeFileSync(join(site, "a.html"), bad);
  expect(brokenLinks(site)).toEqual([
    "a.html: c.html leads nowhere",
    "a.html: b.html#there leads nowhere",
    'a.html: <img src="b.html" alt=""> has no words that describe it',
  ]);
});
