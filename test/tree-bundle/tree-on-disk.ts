/** A small checkout on the real disk, with a package in its prefix and files that name it in every form. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import { gzipSync } from "node:zlib";
import { digestOf, type Entry, makeManifest } from "../../src/core/index.ts";
import { bundleTree, type BundleTreeOptions } from "../../src/operations/tree/bundle-tree.ts";
import { layoutOf, renderRecord } from "../../src/prefix/index.ts";
import { createRealWorld } from "../../src/world/index.ts";

export const home = "local/var/lib/tenon/relocation";
export const record = "local/lib/python3/site-packages/app-1.dist-info/RECORD";

/** What a file is at a path of the checkout, one character a byte. */
export function contentsAt(sage: string): Readonly<Record<string, string>> {
  const files: Record<string, string> = {
    sage: `#!/bin/sh\nroot=$(cd "\${0%/*}" && pwd -P)\nif [ -x "$root/relocate-once.py" ]; then "$root/relocate-once.py" || exit 1; fi\n`,
    "VERSION.txt": "SageMath version 10.9, Release Date: 2026-01-14\n",
    "config.status": `${sage}/local\n${sage} and ${sage}-other and ${sage}.\n`,
    "local/bin/script": `#!${sage}/local/bin/python3 -I\nprint("${sage}/local/lib")\n`,
    "local/bin/module.py": `place = "${sage}/local"\n`,
    "local/lib/strings": `\x7fDAT\0\0\0${sage}/local/share/a\0${sage}\0\x01\xff\0`,
    "local/lib/plain": "nothing of it\n",
    "local/share/page.gz": gzipSync(`see ${sage}/local\n`).toString("latin1"),
  };
  const rows = ["bin/script", "bin/module.py", "lib/plain"].map((path) => {
    const content = Buffer.from(files[`local/${path}`] ?? "", "latin1");
    const sha256 = Buffer.from(digestOf(content), "hex").toString("base64url");
    return `../../../${path},sha256=${sha256},${content.length}\n`;
  });
  files[record] = `${rows.join("")}app-1.dist-info/RECORD,,\n`;
  return files;
}

export interface Checkout {
  readonly root: string;
  readonly sage: string;
  readonly write: (path: string, content: string | Buffer) => void;
  readonly bundle: (changes?: Partial<BundleTreeOptions>) => ReturnType<typeof bundleTree>;
  readonly unpackAt: (place: string) => string;
  /** Exactly so many bytes. */
  readonly pathOf: (bytes: number) => string;
}

export function openCheckout(): Checkout {
  const root = fs.realpathSync(fs.mkdtempSync(`${os.tmpdir()}/tenon-tree-`));
  const sage = `${root}/${"built-here/".repeat(4)}sage`;
  const write: Checkout["write"] = (path, content) => {
    fs.mkdirSync(`${sage}/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
    fs.writeFileSync(`${sage}/${path}`, content, typeof content === "string" ? "latin1" : {});
  };
  const contents = Object.entries(contentsAt(sage));
  for (const [path, content] of contents) write(path, content);
  for (const path of ["sage", "local/bin/script"]) fs.chmodSync(`${sage}/${path}`, 0o755);
  write("local/var/lib/tenon/packages/app.json", renderRecord(recordOf(sage)));
  return {
    root,
    sage,
    write,
    bundle: (changes = {}) =>
      bundleTree(createRealWorld({}), layoutOf(`${sage}/local`), {
        root: sage,
        set: "whole",
        patterns: [],
        forms: ["tar.zst"],
        output: root,
        name: "SageMath",
        keys: [],
        tool: "1",
        ...changes,
      }),
    unpackAt: (place) => {
      fs.rmSync(place, { recursive: true, force: true });
      fs.mkdirSync(place, { recursive: true });
      const script = `zstd -dc "$1" | tar -xpf - -C "$2" --strip-components=1`;
      const { stderr } = spawnSync("sh", [
        "-c",
        script,
        "sh",
        `${root}/sage-10.9-Linux-any.tar.zst`,
        place,
      ]);
      if (String(stderr) !== "") throw new Error(String(stderr));
      return place;
    },
    pathOf: (bytes) => `${root}/${"p".repeat(bytes - root.length - 1)}`,
  };
}

function recordOf(sage: string): Parameters<typeof renderRecord>[0] {
  const entries = Object.keys(contentsAt(sage)).flatMap((path): Entry[] => {
    if (!path.startsWith("local/")) return [];
    const content = fs.readFileSync(`${sage}/${path}`);
    const mode = fs.statSync(`${sage}/${path}`).mode & 0o7777;
    const facts = { mode, sizeBytes: content.length, sha256: digestOf(content) };
    return [{ type: "file", path: path.slice("local/".length), ...facts }];
  });
  return {
    name: "app",
    version: "1",
    artifact: digestOf("app"),
    depends: [],
    takesOver: [],
    ceded: [],
    installedAtMs: 0,
    transaction: `20260101T000000Z-${"0".repeat(16)}`,
    manifest: makeManifest(entries),
  };
}

/** All files but what the relocation has for itself, one character a byte; of gzip, what is packed. */
export function readTree(tree: string): Record<string, string> {
  const names = fs.readdirSync(tree, { recursive: true, encoding: "utf8" }).sort();
  const files = names.filter(
    (name) => fs.lstatSync(`${tree}/${name}`).isFile() && !name.startsWith(home),
  );
  return Object.fromEntries(
    files.map((name) => [name, fs.readFileSync(`${tree}/${name}`, "latin1")]),
  );
}
