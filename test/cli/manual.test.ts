/** The manual says what the program says. */
import * as fs from "node:fs";
import { describe, expect, test } from "vitest";
import { describeAll } from "../../src/cli/descriptions.ts";
import { renderManPages, renderReference } from "../../src/cli/manual.ts";

const all = describeAll();
const commands = all.flatMap((group) => group.commands);

test("docs/reference/commands.md is up to date (`node scripts/manual.js` writes it)", () => {
  expect(fs.readFileSync("docs/reference/commands.md", "utf8")).toBe(renderReference(all));
});

describe("pages for man(1)", () => {
  const pages = renderManPages(all, "1.2.3");

  test("one a command, and one for tenon that names them all", () => {
    const names = commands.map(({ name }) => `tenon-${name}.1`);
    expect([...pages.keys()]).toEqual(["tenon.1", ...names]);
    for (const { name } of commands) expect(pages.get("tenon.1")).toContain(`tenon\\-${name} (1)`);
  });

  test.each(commands.map((each) => [each.name, each] as const))("%s", (name, command) => {
    const text = pages.get(`tenon-${name}.1`) ?? "";
    expect(text).toContain(`.TH TENON\\-${name.toUpperCase()} 1 "" "tenon 1.2.3" "tenon"\n`);
    for (const option of command.options) {
      expect(text).toContain(`\\-\\-${option.name.replaceAll("-", "\\-")}`);
    }
  });

  test("a line of text is no macro, and nothing of it is one inside", () => {
    const texts = [...pages.values()].flatMap((page) => page.split("\n"));
    const macros = new Set(texts.flatMap((line) => /^[.']\S*/.exec(line) ?? []));
    expect([...macros].sort()).toEqual([".B", ".BR", ".I", ".PP", ".SH", ".TH", ".TP", ".br"]);
    const escapes = new Set(texts.flatMap((line) => line.match(/\\./g) ?? []));
    expect([...escapes].sort()).toEqual(["\\&", "\\-", "\\f"]);
  });
});
