/** Tables on narrow terminals. */
import { expect, test } from "vitest";
import { foldRow, renderTable } from "../../src/report/table.ts";

const table = renderTable(
  [{ title: "transaction" }, { title: "by" }, { title: "changes" }],
  [
    ["20261130T200739Z-a2d1", "tenon install", "libbell 1.0 again, ringer 2.0"],
    ["20261130T200740Z-6e79", "tenon build", "-ringer 2.0"],
  ],
);

test("a row that is too wide ends between its cells, and no cell is cut", () => {
  expect(table.flatMap((row) => foldRow(row, 40))).toEqual([
    "transaction            by",
    "    changes",
    "20261130T200739Z-a2d1  tenon install",
    "    libbell 1.0 again, ringer 2.0",
    "20261130T200740Z-6e79  tenon build",
    "    -ringer 2.0",
  ]);
  expect(foldRow("20261130T200739Z-a2d1  tenon build", 8)).toEqual([
    "20261130T200739Z-a2d1",
    "    tenon build",
  ]);
});

test("a row that fits stays as it is", () => {
  expect(table.flatMap((row) => foldRow(row, 80))).toEqual(table);
});
