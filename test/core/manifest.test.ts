/** Laws of a manifest: its rows, its digest, its parents, and what is refused. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  digestOf,
  digestOfManifest,
  type Entry,
  fromRows,
  makeManifest,
  summarize,
  toRow,
} from "../../src/core/index.ts";

const name = fc.stringMatching(/^[a-zA-Z0-9 é_.+-]{1,6}$/).filter((text) => !/^\.\.?$/.test(text));
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join("/"));
const mode = fc.integer({ min: 0, max: 0o7777 });
const leaf = fc.oneof(
  fc.record({
    type: fc.constant("file" as const),
    path,
    mode,
    sizeBytes: fc.maxSafeNat(),
    sha256: fc.string().map(digestOf),
  }),
  fc.record({ type: fc.constant("link" as const), path, target: fc.string({ minLength: 1 }) }),
);
/** Leaves of which none lies below another. */
const leaves = fc
  .uniqueArray(leaf, { selector: (entry) => entry.path })
  .map((entries) =>
    entries.filter((one) => !entries.some((other) => one.path.startsWith(`${other.path}/`))),
  );

describe("any manifest", () => {
  test("comes back from its rows as it was", () => {
    fc.assert(
      fc.property(leaves, (entries) => {
        const manifest = makeManifest(entries);
        const rows: unknown = JSON.parse(JSON.stringify(manifest.map(toRow)));
        expect(fromRows(rows, "rows")).toEqual(manifest);
      }),
    );
  });

  test("has the same digest whatever the order of its entries was", () => {
    fc.assert(
      fc.property(leaves, (entries) => {
        const there = digestOfManifest(makeManifest(entries));
        const back = digestOfManifest(makeManifest([...entries].reverse()));
        expect(back).toBe(there);
      }),
    );
  });

  test("lists the parent of every entry before it", () => {
    fc.assert(
      fc.property(leaves, (entries) => {
        const seen = new Set<string>();
        for (const entry of makeManifest(entries)) {
          const at = entry.path.lastIndexOf("/");
          if (at > 0) expect(seen).toContain(entry.path.slice(0, at));
          seen.add(entry.path);
        }
      }),
    );
  });
});

const file = (at: string, content = "", fileMode = 0o644): Entry => ({
  type: "file",
  path: at,
  mode: fileMode,
  sizeBytes: content.length,
  sha256: digestOf(content),
});

describe("the digest", () => {
  const base = digestOfManifest(makeManifest([file("bin/a", "x")]));
  test.each<[string, Entry]>([
    ["path", file("bin/b", "x")],
    ["content", file("bin/a", "y")],
    ["mode", file("bin/a", "x", 0o755)],
    ["type", { type: "link", path: "bin/a", target: "x" }],
  ])("changes with the %s", (_what, entry) => {
    expect(digestOfManifest(makeManifest([entry]))).not.toBe(base);
  });
});

test("only files and links count", () => {
  const link: Entry = { type: "link", path: "lib/b", target: "a" };
  expect(summarize(makeManifest([file("lib/a", "123"), link]))).toEqual({ files: 2, sizeBytes: 3 });
});

test("a path cannot be there twice, nor below a file", () => {
  expect(() => makeManifest([file("a"), file("a")])).toThrow("lists a twice");
  expect(() => makeManifest([file("a"), file("a/b")])).toThrow("a/b lies below a, a file");
});

const digest = digestOf("x");

describe("a damaged manifest names its file", () => {
  test.each<[string, unknown, string]>([
    ["no list", {}, "the manifest is not a list"],
    ["no row", ["f"], "row 0 is not an entry"],
    ["null", [null], "row 0 is not an entry"],
    ["an unknown type", [["x", "a", "0644"]], "row 0 is not an entry"],
    ["a wrong mode", [["d", "a", "0888"]], "row 0 is not an entry"],
    ["a mode of five digits", [["d", "a", "10644"]], "row 0 is not an entry"],
    ["a negative size", [["f", "a", "0644", -1, digest]], "row 0 is not an entry"],
    ["half a byte", [["f", "a", "0644", 0.5, digest]], "row 0 is not an entry"],
    ["a cut digest", [["f", "a", "0644", 1, digest.slice(1)]], "row 0 is not an entry"],
    ["a way out", [["d", "../a", "0755"]], "the path contains '..'"],
    ["an absolute path", [["d", "/a", "0755"]], "the path is absolute"],
    [
      "a path twice",
      [
        ["d", "a", "0755"],
        ["l", "a", "b"],
      ],
      "row 1 is out of order",
    ],
    [
      "no order",
      [
        ["d", "b", "0755"],
        ["d", "a", "0755"],
      ],
      "row 1 is out of order",
    ],
  ])("%s", (_what, rows, message) => {
    expect(() => fromRows(rows, "/store/m.json")).toThrow("/store/m.json is damaged: ");
    expect(() => fromRows(rows, "/store/m.json")).toThrow(message);
  });
});
