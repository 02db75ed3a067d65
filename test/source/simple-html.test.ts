/** The links of an index's HTML page. */
import { expect, test } from "vitest";
import { anchorsOf } from "../../src/source/simple-html.ts";

const page = "http://index.test/simple/greet/";
const urlsOf = (html: string): string[] => anchorsOf(html, page).map(({ url }) => url);

test("links are relative to the page, or to its base", () => {
  const link = `<a href="../../files/greet-1.0.tar.gz#sha256=ab">greet</a>`;
  expect(urlsOf(link)).toEqual(["http://index.test/files/greet-1.0.tar.gz#sha256=ab"]);
  expect(urlsOf(`<head><base href="http://b.test/x/y/"></head>${link}`)).toEqual([
    "http://b.test/files/greet-1.0.tar.gz#sha256=ab",
  ]);
});

test("attributes in every way that HTML writes them", () => {
  const [anchor] = anchorsOf(
    `<A data-requires-python=">=3.6, <4" DATA-YANKED href='a&amp;b.zip' title=x>x</A>`,
    page,
  );
  expect(anchor?.url).toBe(`${page}a&b.zip`);
  expect(Object.fromEntries(anchor?.attributes ?? [])).toMatchObject({
    "data-requires-python": ">=3.6, <4",
    "data-yanked": "",
    title: "x",
  });
});

test("entities by number and by name", () => {
  const [anchor] = anchorsOf(
    `<a href="x" data-requires-python="&gt;=3&#46;&#x37;&foo;">x</a>`,
    page,
  );
  expect(anchor?.attributes.get("data-requires-python")).toBe(">=3.7&foo;");
});

test("what is no link is passed over", () => {
  expect(urlsOf(`<!-- <a href="old.zip"> --><a name="top"><abbr href="no"><a href="y"`)).toEqual([
    `${page}y`,
  ]);
});

test("what looks like a link inside of a tag that does not end is no link", () => {
  expect(urlsOf('<a class="x" <a href="one">')).toEqual(["http://index.test/simple/greet/one"]);
  expect(urlsOf(`${'<a href="'.repeat(100_000)}`)).toHaveLength(1);
});
