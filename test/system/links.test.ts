/** Prefixes that share files with the store: an edit in one of them must not come into another. */
import * as fs from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { eventsOf, openWorkshop, type Workshop } from "./workshop.ts";

let shop: Workshop;
beforeEach(() => {
  shop = openWorkshop({
    "packages/libword.toml": recipe("libword", 'echo word >"$DESTDIR$PREFIX/share/word"'),
    "packages/reader.toml": recipe(
      "reader",
      'cat "$PREFIX/share/word" >"$DESTDIR$PREFIX/share/read"',
      'depends.build = ["libword"]',
    ),
  });
});
afterEach(() => shop.dispose());

function recipe(name: string, line: string, more = ""): string {
  const script = `mkdir -p "$DESTDIR$PREFIX/share"\n${line}\necho ${name} >>"$TALLY"\n`;
  return `name = "${name}"\nversion = "1"\n${more}\n[build]\nscript = '''\n${script}'''\n`;
}

function read(file: string): string {
  return fs.readFileSync(file, "utf8");
}

/** As a person does with an editor that writes the file itself; the size stays. */
function edit(file: string): void {
  const { atime, mtime } = fs.statSync(file);
  fs.writeFileSync(file, "evil\n");
  fs.utimesSync(file, atime, mtime);
}

test("an edit in place is found, named, and stays where it was made", async () => {
  await shop.must("build", "--link", "hardlink");
  const word = `${shop.prefix}/share/word`;
  expect(fs.statSync(word).nlink).toBe(2);
  expect(fs.statSync(`${shop.prefix}/share`).nlink).toBe(2);
  expect(await shop.must("build", "--link", "hardlink")).toContain("up to date");

  edit(word);
  // reader is to be built anew, with libword in its view.
  shop.edit("packages/reader.toml", "echo reader", "echo reader2");
  const ended = await shop.run(["build", "--link", "hardlink", "--json"]);
  expect(ended.code).toBe(0);
  const notes = eventsOf(ended.stdout).filter(({ kind }) => kind === "note");
  expect(notes).toMatchObject([
    { package: "libword", text: expect.stringContaining(`${word} was edited in place`) },
  ]);
  expect(shop.tally()).toEqual(["libword", "reader", "libword", "reader2"]);
  expect(read(`${shop.prefix}/share/read`)).toBe("word\n");
  expect(read(word)).toBe("evil\n"); // the person's, until it is repaired
  expect(await shop.must("verify", "--repair")).toBe("repaired share/word (libword)\n");
  expect(read(word)).toBe("word\n");
});

test("another prefix never gets what was edited, however it is joined", async () => {
  for (const link of ["hardlink", "reflink", "copy"]) {
    shop.forget();
    await shop.must("build", "libword", "--link", "hardlink");
    edit(`${shop.prefix}/share/word`);
    const other = `${shop.root}/other-${link}`;
    const ended = await shop.run(["build", "libword", "--link", link, "--prefix", other]);
    expect(ended).toMatchObject({ code: 0 });
    expect(read(`${other}/share/word`)).toBe("word\n");
  }
});

test("what was built while a file of its view was edited is not kept", async () => {
  await shop.must("build", "libword", "--link", "hardlink");
  const alias = `${shop.told}/alias`;
  fs.linkSync(`${shop.prefix}/share/word`, alias);
  shop.edit("packages/reader.toml", "cat ", `echo evil >${alias}\ncat `);
  const ended = await shop.run(["build"]);
  expect(ended.code).toBe(1);
  expect(ended.stderr).toContain(`${shop.prefix}/share/word was edited in place`);
  expect(ended.stderr).toContain("libword was edited in a prefix while reader was built with it");
  shop.edit("packages/reader.toml", `echo evil >${alias}\n`, "");
  await shop.must("build", "--prefix", `${shop.root}/other`);
  expect(read(`${shop.root}/other/share/read`)).toBe("word\n");
});
