/** A prefix on the real disk with files that name it in every form, and the same packages joined by tenon at other prefixes. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as zlib from "node:zlib";
import { digestOf, type Entry, makeManifest } from "../../src/core/index.ts";
import { changePrefix, type Incoming } from "../../src/install/index.ts";
import { layoutOf } from "../../src/prefix/index.ts";
import { findPlaces, findRows, placeholder, toMapRow } from "../../src/relocation/index.ts";
import { openStore, relocateArtifact, type Store } from "../../src/store/index.ts";
import { createRealWorld, type World } from "../../src/world/index.ts";

const record = "lib/python3/site-packages/app-1.dist-info/RECORD";
const name = placeholder.slice(placeholder.lastIndexOf("/") + 1);

/** A constant string as compilers copy it: in pieces, between instructions. */
const pieces = [
  { start: 0, length: 16 },
  { start: 16, length: 32 },
  { start: 48, length: 16 },
  { start: 64, length: 8 },
  { start: 72, length: 24 },
].map(
  (each) => ({ ...each, kind: "piece", offset: 10 + each.start + 4 * (each.start >> 3) }) as const,
);

function inPieces(): string {
  const bytes = Buffer.alloc(200, "\xff\0", "latin1");
  for (const { start, length, offset } of pieces)
    bytes.write(placeholder.slice(start, start + length), offset);
  return bytes.toString("latin1");
}

/** As the artifact has them, one character a byte. */
const contents: Readonly<Record<string, string>> = {
  "bin/python-script": `#!${placeholder}/bin/python3 -I\nprint("${placeholder}/lib")\n`,
  'bin/it\'s a "$tool" `x`': `#!/bin/sh\n# '${placeholder}' $HOME \`id\` \\n %s %d \r\x1b[0m\nexec "${placeholder}/bin/x"\n`,
  "lib/bytes": `caf\xe9 \x81\x82\x83\x88\xff ${placeholder}/x\n\n`,
  "lib/activate": `PROMPT='(${name})'\nVIRTUAL_ENV=${placeholder}\n`,
  "lib/strings.so": `\x7fELF\0\0\0${placeholder}/share/a\0${placeholder}\0\x01\xff\0`,
  "lib/pieces.so": inPieces(),
  "lib/plain": "nothing of it\n",
  "lib/empty": "",
  [`share/${"long-folder-name/".repeat(9)}file`]: `see ${placeholder}\n`,
  "share/man/page.gz": packed(`.\\" ${placeholder}/share\n`),
  "share/man/large.gz": packed(`${placeholder}/share\n${"line of it\n".repeat(13000)}`),
  [record]: "",
};

/** gzip data whose content is stored, as artifacts have it where it names the placeholder. */
function packed(text: string): string {
  const found = findPlaces(zlib.gzipSync(text), () => Buffer.from(text));
  return Buffer.from(found.rewritten ?? "").toString("latin1");
}

export interface Place {
  readonly root: string;
  readonly world: World;
  readonly store: Store;
}

export function openPlace(): Place {
  const root = fs.realpathSync(fs.mkdtempSync(`${os.tmpdir()}/tb-`));
  const world = createRealWorld({});
  return { root, world, store: openStore(world, `${root}/store`, { sync: false }) };
}

/** Joins both packages to a prefix, as `tenon build` does. */
export async function joinAt(place: Place, prefix: string, need = "x\n"): Promise<void> {
  const { world } = place;
  const add = [appOf(place, prefix), needOf(place, need)];
  const options = { activity: "tenon build", sync: false } as const;
  fs.mkdirSync(prefix, { recursive: true });
  await changePrefix(world, layoutOf(prefix), { add, remove: [] }, options);
}

function appOf({ root, world, store }: Place, prefix: string): Incoming {
  const files = { ...contents };
  const listed = ["bin/python-script", "lib/strings.so", "lib/plain"];
  files[record] = listed.map((path) => `../../../${path},${rowOf(files[path] ?? "")}\n`).join("");
  const entries = Object.entries(files).map(([path, text]) => entryOf(path, text, listed));
  const link: Entry = { type: "link", path: "lib/link.so", target: "strings.so" };
  const closed: Entry = { type: "directory", path: "var/spool", mode: 0o1777 };
  const manifest = makeManifest([...entries, link, closed]);
  const stage = `${root}/stage`;
  plant(stage, files);
  fs.symlinkSync("strings.so", `${stage}/lib/link.so`);
  fs.mkdirSync(`${stage}/var/spool`, { recursive: true });
  fs.chmodSync(`${stage}/var/spool`, 0o1777);
  const id = store.addArtifact(stage, manifest);
  const relocated = relocateArtifact(world, store, { id, manifest }, prefix);
  if (relocated === undefined) throw new Error("the artifact is damaged");
  return {
    name: "app",
    version: "1",
    artifact: id,
    key: digestOf("key"),
    depends: ["need"],
    about: { license: "MIT" },
    takesOver: [],
    pins: [],
    tree: store.layout.artifactTree(id),
    transfer: "copy",
    ...relocated,
  };
}

function needOf({ root, store }: Place, text: string): Incoming {
  const files = { "lib/need": text };
  plant(`${root}/need`, files);
  const manifest = makeManifest([entryOf("lib/need", text, [])]);
  const artifact = store.addArtifact(`${root}/need`, manifest);
  const tree = store.layout.artifactTree(artifact);
  const facts = { depends: [], takesOver: [], pins: [], transfer: "copy" } as const;
  return { name: "need", version: "2", artifact, manifest, tree, ...facts };
}

function entryOf(path: string, text: string, listed: readonly string[]): Entry {
  const content = Buffer.from(text, "latin1");
  const rows = findRows(text, (row) => {
    const file = row.replace("../../../", "");
    return listed.includes(file) && file !== "lib/plain";
  });
  const map =
    path === record
      ? ({ form: "text", places: rows } as const)
      : path === "lib/pieces.so"
        ? ({ form: "binary", places: pieces } as const)
        : findPlaces(content, () => zlib.gunzipSync(content)).map;
  const mode = path.startsWith("bin/") ? 0o755 : 0o644;
  const relocation = map === undefined ? {} : { relocation: { map: toMapRow(map) } };
  const sha256 = digestOf(content);
  return { type: "file", path, mode, sizeBytes: content.length, sha256, ...relocation };
}

function rowOf(text: string): string {
  const content = Buffer.from(text, "latin1");
  const sum = Buffer.from(digestOf(content), "hex").toString("base64url");
  return `sha256=${sum},${content.length}`;
}

function plant(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    const file = `${root}/${path}`;
    fs.mkdirSync(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    fs.writeFileSync(file, Buffer.from(text, "latin1"));
    fs.chmodSync(file, path.startsWith("bin/") ? 0o755 : 0o644);
  }
}

/** What is at each path below a folder: mode, and content or target. Of records, what is the same for everybody. */
export function readAll(root: string): Record<string, string> {
  const all: Record<string, string> = {};
  for (const path of fs.readdirSync(root, { recursive: true, encoding: "utf8" }).sort()) {
    const status = fs.lstatSync(`${root}/${path}`);
    const mode = (status.mode & 0o7777).toString(8);
    if (status.isSymbolicLink()) all[path] = fs.readlinkSync(`${root}/${path}`);
    else if (status.isDirectory()) all[path] = mode;
    else all[path] = `${mode} ${fs.readFileSync(`${root}/${path}`, "latin1")}`;
    if (!path.startsWith("var/lib/tenon/")) continue;
    const isRecord = /^var\/lib\/tenon\/packages\/.*\.json$/.test(path);
    if (isRecord)
      all[path] = all[path]?.replaceAll(/"(installedAtMs|transaction)": [^\n]*/g, "") ?? "";
    else Reflect.deleteProperty(all, path);
  }
  return all;
}
