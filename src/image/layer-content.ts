/** The files of a layer, as a tar archive: packages relocated to the path that they have in the image, each with its record. */
import { compareText, type Entry, namesPrefix, TenonError } from "../core/index.ts";
import { archiveEnd, memberHead, memberTail, type PortablePackage } from "../bundle/index.ts";
import { renderRecord, statePath } from "../prefix/index.ts";
import { relocateFiles } from "../relocation/index.ts";

/** `at` is the path in the image, absolute. */
export function* layerOf(packages: readonly PortablePackage[], at: string): Generator<Uint8Array> {
  const folders = new Map<string, number>(foldersTo(at).map((path) => [path, 0o755]));
  const inImage = at.slice(1);
  for (const path of ["var", "var/lib", statePath, `${statePath}/packages`])
    folders.set(`${inImage}/${path}`, 0o755);
  for (const { record } of packages)
    for (const entry of record.manifest)
      if (entry.type === "directory") folders.set(`${inImage}/${entry.path}`, entry.mode);
  yield* directoriesOf(folders);
  for (const each of packages) yield* packageFiles(each, at);
  yield archiveEnd;
}

/** The layer with what is said of all packages together. */
export function* lastLayer(files: ReadonlyMap<string, string>, at: string): Generator<Uint8Array> {
  const folders = new Map<string, number>(foldersTo(at).map((path) => [path, 0o755]));
  for (const path of files.keys())
    for (const folder of foldersTo(`/${path}`).slice(0, -1))
      folders.set(`${at.slice(1)}/${folder}`, 0o755);
  yield* directoriesOf(folders);
  for (const [path, text] of [...files].sort(([a], [b]) => compareText(a, b)))
    yield* fileOf(`${at.slice(1)}/${path}`, 0o644, Buffer.from(text));
  yield archiveEnd;
}

/** `opt`, `opt/stack` for `/opt/stack`. */
function foldersTo(path: string): string[] {
  const names = path.slice(1).split("/");
  return names.map((_, index) => names.slice(0, index + 1).join("/"));
}

function* directoriesOf(folders: ReadonlyMap<string, number>): Generator<Uint8Array> {
  for (const [path, mode] of [...folders].sort(([a], [b]) => compareText(a, b)))
    yield memberHead({ type: "directory", path, mode });
}

function* packageFiles(each: PortablePackage, at: string): Generator<Uint8Array> {
  const { record } = each;
  const contents = new Map<string, Uint8Array>();
  const relocated = relocateFiles({
    files: record.manifest.filter(namesPrefix),
    target: at,
    contentOf: each.contentOf,
    made: ({ path }, content) => void contents.set(path, content),
  });
  if (relocated === undefined) throw damaged(record.name);
  const entries = new Map<string, Entry>(relocated.map((entry) => [entry.path, entry]));
  const manifest = record.manifest.map((entry) => entries.get(entry.path) ?? entry);
  for (const entry of manifest) {
    const path = `${at.slice(1)}/${entry.path}`;
    if (entry.type === "link") yield memberHead({ type: "link", path, target: entry.target });
    if (entry.type !== "file") continue;
    const content = contents.get(entry.path);
    if (content !== undefined) yield* fileOf(path, entry.mode, content);
    else {
      yield memberHead({ ...entry, path });
      yield* each.chunksOf(entry);
      yield memberTail(entry.sizeBytes);
    }
  }
  const text = Buffer.from(renderRecord({ ...record, manifest }));
  yield* fileOf(`${at.slice(1)}/${statePath}/packages/${record.name}.json`, 0o644, text);
}

function* fileOf(path: string, mode: number, content: Uint8Array): Generator<Uint8Array> {
  yield memberHead({ type: "file", path, mode, sizeBytes: content.length });
  yield content;
  yield memberTail(content.length);
}

function damaged(name: string): TenonError {
  return new TenonError({
    kind: "conflict",
    code: "NOT_AS_RECORDED",
    message: `a file of ${name} is not what its record was made of`,
    hints: ["Run `tenon verify --repair`, and this command again."],
  });
}
