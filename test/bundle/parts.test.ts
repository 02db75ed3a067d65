/** The parts of a bundle one by one: archive members, templates of files, and what is said of all packages together. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import { expect, test } from "vitest";
import { payloadOf, type PortablePackage } from "../../src/bundle/payload.ts";
import { renderHead } from "../../src/bundle/head.ts";
import { renderRelocating } from "../../src/bundle/relocating.ts";
import { archiveEnd, memberHead, memberTail } from "../../src/bundle/tar-writer.ts";
import { templateOf } from "../../src/bundle/template.ts";
import { transactionOf } from "../../src/bundle/write-bundle.ts";
import { digestOf, makeManifest, type NamingFile } from "../../src/core/index.ts";
import { isTransactionId } from "../../src/prefix/index.ts";
import { placeholder } from "../../src/relocation/index.ts";

const long = `${"folder/".repeat(20)}a name with spaces and ünicode`;

test("tar reads members with long names, links and modes", () => {
  const folder = fs.mkdtempSync(`${os.tmpdir()}/tb-tar-`);
  const content = Buffer.from("content\n");
  const archive = Buffer.concat([
    memberHead({ type: "directory", path: "d", mode: 0o750 }),
    memberHead({ type: "file", path: `d/${long}`, mode: 0o4755, sizeBytes: content.length }),
    content,
    memberTail(content.length),
    memberHead({ type: "link", path: "d/l", target: long }),
    archiveEnd,
  ]);
  expect(archive.length % 512).toBe(0);
  const options = { input: archive, encoding: "utf8" } as const;
  expect(spawnSync("tar", ["-xpf", "-", "-C", folder], options)).toMatchObject({
    status: 0,
    stderr: "",
  });
  expect(fs.readFileSync(`${folder}/d/${long}`, "utf8")).toBe("content\n");
  expect(fs.statSync(`${folder}/d/${long}`).mode & 0o7777).toBe(0o4755);
  expect(fs.statSync(`${folder}/d`).mode & 0o7777).toBe(0o750);
  expect(fs.readlinkSync(`${folder}/d/l`)).toBe(long);
  fs.rmSync(folder, { recursive: true });
});

const row = `sha256=${"a".repeat(43)},120`;
const naming = (map: NamingFile["relocation"]["map"], content: string): NamingFile => ({
  type: "file",
  path: "lib/x",
  mode: 0o644,
  sizeBytes: content.length,
  sha256: digestOf(content),
  relocation: { map },
});

test("a template has what stays the same, and nothing of the places", () => {
  const content = `a ${placeholder} b ${row}\nc`;
  const at = 2 + placeholder.length + 3;
  const { parts, sizeBytes } = templateOf(
    naming(["text", [2], [at, "bin/x"]], content),
    Buffer.from(content),
  );
  expect(
    parts.map((part) => (part.kind === "bytes" ? Buffer.from(part.bytes).toString() : part.kind)),
  ).toEqual(["a ", "path", " b ", "row", "\nc"]);
  expect(sizeBytes).toBe("a  b \nc".length);
});

const head = renderHead({
  name: "a",
  tool: "1",
  packages: 1,
  requirements: { loaders: [], libraries: [], files: [] },
});

test("a script that has nothing to relocate makes no file", () => {
  const script = renderRelocating({
    head,
    files: [],
    records: [],
    pieces: [],
    windows: new Map(),
  });
  expect(script).not.toContain("\nw '");
  expect(script).not.toContain("tar -x");
});

test("packages that own a file together bring it once", () => {
  const content = Buffer.from("both\n");
  const entry = { type: "file", path: "lib/both", mode: 0o644, sizeBytes: 5 } as const;
  const manifest = makeManifest([{ ...entry, sha256: digestOf(content) }]);
  const packageOf = (name: string): PortablePackage => ({
    record: {
      name,
      version: "1",
      artifact: digestOf(name),
      depends: [],
      takesOver: [],
      ceded: [],
      pins: [],
      installedAtMs: 1,
      transaction: transactionOf([]),
      manifest,
    },
    contentOf: () => content,
    chunksOf: () => [content],
  });
  const packages = [packageOf("a"), packageOf("b")];
  const archive = Buffer.concat([...payloadOf({ packages, head, more: new Map() })]);
  const { stdout } = spawnSync("tar", ["-tf", "-"], { input: archive, encoding: "utf8" });
  const names = stdout.split("\n");
  expect(names.filter((name) => name.endsWith("lib/both"))).toEqual(["tree/lib/both"]);
  expect(names).toContain("tree/var/lib/tenon/packages/b.json");
});

test("the transaction of a bundle is that of its packages", () => {
  expect(isTransactionId(transactionOf(["a", "b"]))).toBe(true);
  expect(transactionOf(["a", "b"])).not.toBe(transactionOf(["a", "c"]));
});
