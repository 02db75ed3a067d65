/** Rows of RECORD that are made anew, each in its place. */
import { expect, test } from "vitest";
import { renewRows } from "../../src/wheel/index.ts";

const files = [
  { path: "../../../bin/x", sha256: "00".repeat(32), sizeBytes: 7 },
  { path: 'a "b",c.so', sha256: "ff".repeat(32), sizeBytes: 8 },
  { path: "greet-1.dist-info/RECORD", sha256: "11".repeat(32), sizeBytes: 9 },
];
const [zeros, ones] = ["A".repeat(43), `${"_".repeat(42)}8`];

test.each([
  ["z,sha256=x,1\n../../../bin/x,sha256=y,2\n", `z,sha256=x,1\n../../../bin/x,sha256=${zeros},7\n`],
  ['"a ""b"",c.so",sha512=y,2\r\nz,,\r\n', `"a ""b"",c.so",sha256=${ones},8\r\nz,,\r\n`],
  ["greet-1.dist-info/RECORD,,\n../../../bin/x,,", undefined],
  ["bin/x,sha256=y,2\n", undefined],
  ["", undefined],
])("%j", (text, wanted) => {
  expect(renewRows(text, files)).toBe(wanted);
});
