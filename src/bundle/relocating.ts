/**
 * The part of a bundle that has its files name the prefix: a shell script, which runs when all is unpacked.
 *
 * Texts are written by the shell itself, without a process each. Binary files, in which every length stays, are an archive of
 * their own, which is cut wherever one names the prefix: one `cat` puts the pieces and the prefix's path together for one `tar`. Then
 * come digests, for the rows of RECORD, and last the records of tenon.
 */
import { assert, type NamingFile, namesPrefix } from "../core/index.ts";
import { type PackageRecord, renderRecord, statePath } from "../prefix/index.ts";
import { isRecordPath, pathOfRow, type MapPlace, placeholder } from "../relocation/index.ts";
import type { Head } from "./head.ts";
import { quoted, sum } from "./shell-text.ts";
import type { Template } from "./template.ts";

/** A file that names the prefix, by its number from 1 on; files come before the RECORDs that list them. */
export interface NumberedFile {
  readonly number: number;
  readonly entry: NamingFile;
  readonly template: Template;
}

export interface Relocating {
  readonly head: Head;
  readonly files: readonly NumberedFile[];
  /** Of packages that have such files; the others' are in the archive as they are. */
  readonly records: readonly PackageRecord[];
  /** Pieces of the archive of binary files, by their names, and what takes the prefix's place between them. */
  readonly pieces: readonly string[];
  readonly windows: ReadonlyMap<string, Pick<Window, "start" | "length">>;
}

type Window = Extract<MapPlace, { kind: "piece" }>;

/** As many arguments as any kernel takes, of names that are short. */
const mostArguments = 2000;
const mostPaths = 200;

/** One character a byte. */
export function renderRelocating(relocating: Relocating): string {
  const { head, files, records, pieces, windows } = relocating;
  const numbers = new Map(files.map(({ number, entry }) => [entry.path, number]));
  const isRow = ({ entry }: NumberedFile): boolean => isRecordPath(entry.path);
  const [first, rows] = [files.filter((file) => !isRow(file)), files.filter(isRow)];
  return [
    secondLook(head),
    functions,
    "t=$new/tree; p=${#P}; N=${P##*/}; n=${#N}",
    ...(pieces.length > 0 ? [...windowLines(windows), binaryLine(pieces)] : []),
    ...first.map((file) => fileLine(file, numbers)),
    ...modeLines(first),
    ...sumLines(first),
    ...listed(rows).map((number) => `b ${number}`),
    ...rows.map((file) => fileLine(file, numbers)),
    ...modeLines(rows),
    ...sumLines(rows),
    ...records.map((record) => recordLine(record, { files, numbers })),
    "ended=yes",
    "",
  ].join("\n");

  function listed(all: readonly NumberedFile[]): number[] {
    const found = all.flatMap(({ entry, template }) =>
      template.parts.flatMap((part) =>
        part.kind === "row" ? numberOf(numbers, entry.path, part) : [],
      ),
    );
    return [...new Set(found)];
  }
}

/** Looks at the script once more, from what it has unpacked; without any part of what is looked at. */
export function secondLook({ text, digest, digestAt }: Head): string {
  const rest = Buffer.byteLength(text) - digestAt - 64;
  return `looked=$({ head -c ${digestAt} -- "$self" && tail -c +${digestAt + 65} -- "$self" | head -c ${rest}; } | sha256sum)
case $looked in ${digest}*) ;; *) printf '%s\\n' "$self: its script is not as it was made; nothing is at $P" >&2; exit 4 ;; esac`;
}

/**
 * w writes a text, g one into a gzip file that is stored (RFC 1952, RFC 1951), whose last eight bytes gzip itself makes; m sets
 * modes; s takes digests; b writes one as RECORD has it; f makes a first line.
 */
const functions = `w() { printf '%s' "$2" >"$t/$1" || exit 4; }
o() { O="\\\\$(($1>>6&3))$(($1>>3&7))$(($1&7))"; }
g() {
  printf '%s' "$2" >"$new/text" && gzip -c "$new/text" >"$new/packed" || exit 4
  printf '\\037\\213\\010\\000\\000\\000\\000\\000\\000\\377' >"$t/$1" || exit 4
  at=0; left=$3; G=$((18+left))
  while :; do
    if [ "$left" -gt 65535 ]; then size=65535; last='\\000'; else size=$left; last='\\001'; fi
    o $((size)); a=$O; o $((size>>8)); a=$a$O; o $((size^65535)); a=$a$O; o $(((size^65535)>>8)); a=$a$O
    printf "$last$a" >>"$t/$1" || exit 4
    tail -c "+$((at+1))" "$new/text" | head -c "$size" >>"$t/$1" || exit 4
    at=$((at+size)); left=$((left-size)); G=$((G+5))
    [ "$left" -gt 0 ] || break
  done
  tail -c 8 "$new/packed" >>"$t/$1" || exit 4
}
m() { mode=$1; shift; (cd "$t" && chmod "$mode" "$@") || exit 4; }
s() {
  k=$1; shift
  (cd "$t" && sha256sum "$@") >"$new/sums" || exit 4
  while read -r h more; do eval "h$k=\\\${h#\\\\\\\\}"; k=$((k+1)); done <"$new/sums"
}
i=0
for each in A B C D E F G H I J K L M N O P Q R S T U V W X Y Z a b c d e f g h i j k l m n o p q r s t u v w x y z 0 1 2 3 4 5 6 7 8 9 - _; do
  eval "c$i=\\$each"; i=$((i+1))
done
b() {
  eval "x=\\$h$1"; O=
  while [ \${#x} -gt 4 ]; do
    y=\${x#??????}; v=$((0x\${x%"$y"})); x=$y
    eval "O=\\$O\\$c$((v>>18))\\$c$((v>>12&63))\\$c$((v>>6&63))\\$c$((v&63))"
  done
  v=$((0x$x<<2))
  eval "b$1=\\$O\\$c$((v>>12))\\$c$((v>>6&63))\\$c$((v&63))"
}
f() {
  S="#!$1$P$2"
  [ \${#S} -le 127 ] || S="#!/bin/sh
'''exec' \\"$P$3\\"$4 \\"\\$0\\" \\"\\$@\\"
' '''"
}`;

/** Files with the path filled up with slashes, and the cuts of it that compilers have made. */
function windowLines(windows: Relocating["windows"]): string[] {
  return [
    `W=$P; while [ \${#W} -lt ${placeholder.length} ]; do W=$W/; done`,
    'printf "%s" "$W" >"$new/parts/P" || exit 4',
    ...[...windows].map(
      ([name, { start, length }]) =>
        `tail -c +${start + 1} "$new/parts/P" | head -c ${length} >"$new/parts/${name}" || exit 4`,
    ),
  ];
}

function binaryLine(pieces: readonly string[]): string {
  const cats: string[] = [];
  for (let at = 0; at < pieces.length; at += mostArguments)
    cats.push(`cat ${pieces.slice(at, at + mostArguments).join(" ")}`);
  return `(cd "$new/parts" && { ${cats.join(" && ")}; } | tar -xpof - -C "$t") || exit 4`;
}

type Numbers = ReadonlyMap<string, number>;

function fileLine({ number, entry, template }: NumberedFile, numbers: Numbers): string {
  const { form, parts, sizeBytes } = template;
  if (form === "binary") return `z${number}=${entry.sizeBytes}`;
  const words = parts.map((part) => wordOf(part, entry.path, numbers)).join("");
  const size = sizeOf(parts, { sizeBytes, path: entry.path, numbers });
  const before = parts.map((part) => (part.kind === "shebang" ? firstLine(part) : "")).join("");
  const name = quoted(entry.path);
  if (form === "text") return `${before}z${number}=${size}; w ${name} ${words}`;
  return `${before}g ${name} ${words} ${size}; z${number}=$G`;
}

/** Sets `$S`. */
function firstLine({ gap, rest }: Extract<MapPlace, { kind: "shebang" }>): string {
  const [program = "", ...options] = rest.split(/[ \t]+/);
  const words = options.filter((each) => each !== "").map((each) => ` ${each}`);
  return `f ${[gap, rest, program, words.join("")].map(quoted).join(" ")}; `;
}

function wordOf(part: Template["parts"][number], path: string, numbers: Numbers): string {
  switch (part.kind) {
    case "bytes":
      return quoted(part.bytes);
    case "path":
      return '"$P"';
    case "name":
      return '"$N"';
    case "shebang":
      return '"$S"';
    case "row": {
      const number = numberOf(numbers, path, part);
      return `sha256="$b${number},$z${number}"`;
    }
    case "piece":
      throw new Error("a text has no pieces");
  }
}

function sizeOf(
  parts: Template["parts"],
  { sizeBytes, path, numbers }: { sizeBytes: number; path: string; numbers: Numbers },
): string {
  const count = (kind: MapPlace["kind"]): number =>
    parts.filter((part) => part.kind === kind).length;
  const rows = parts.flatMap((part) =>
    part.kind === "row" ? [[1, `\${#z${numberOf(numbers, path, part)}}`] as const] : [],
  );
  const rowBytes = "sha256=".length + 43 + ",".length;
  return sum(
    [[count("path"), "p"], [count("name"), "n"], [count("shebang"), "${#S}"], ...rows],
    sizeBytes + rows.length * rowBytes,
  );
}

function numberOf(
  numbers: Numbers,
  record: string,
  { path }: Extract<MapPlace, { kind: "row" }>,
): number {
  const number = numbers.get(pathOfRow(record, path));
  assert(number !== undefined, `${record} lists ${path}, which does not name the prefix`);
  return number;
}

/** Binary files have theirs from the archive, and texts are made with 0644. */
function modeLines(files: readonly NumberedFile[]): string[] {
  const byMode = new Map<number, string[]>();
  for (const { entry, template } of files) {
    if (template.form === "binary" || entry.mode === 0o644) continue;
    byMode.set(entry.mode, [...(byMode.get(entry.mode) ?? []), entry.path]);
  }
  return [...byMode].flatMap(([mode, paths]) =>
    inBatches(paths).map((batch) => `m ${mode.toString(8).padStart(4, "0")} ${inTree(batch)}`),
  );
}

function sumLines(files: readonly NumberedFile[]): string[] {
  return inBatches(files).map(
    (batch) => `s ${batch[0]?.number} ${inTree(batch.map(({ entry }) => entry.path))}`,
  );
}

function inBatches<Item>(items: readonly Item[]): Item[][] {
  const batches: Item[][] = [];
  for (let at = 0; at < items.length; at += mostPaths)
    batches.push(items.slice(at, at + mostPaths));
  return batches;
}

function inTree(paths: readonly string[]): string {
  return paths.map((path) => quoted(`./${path}`)).join(" ");
}

/** Larger than any file; the number of the file whose size is to stand there is behind it. */
const sizeMark = 45 * 10 ** 14;

/** What is different at each prefix is marked in a record, and the shell puts it in. */
function recordLine(
  record: PackageRecord,
  { files, numbers }: { readonly files: readonly NumberedFile[]; readonly numbers: Numbers },
): string {
  let least = 0;
  const sizes: [number, string][] = [];
  const manifest = record.manifest.map((entry) => {
    const number = namesPrefix(entry) ? numbers.get(entry.path) : undefined;
    if (entry.type === "file" && number === undefined) least += entry.sizeBytes;
    if (!namesPrefix(entry) || number === undefined) return entry;
    sizes.push([1, `z${number}`]);
    const { sizeBytes, sha256, relocation } = entry;
    const original = { sizeBytes, sha256 };
    return {
      ...entry,
      sizeBytes: sizeMark + number,
      sha256: "@",
      relocation: { ...relocation, original },
    };
  });
  assert(files.length > 0, "a record is made anew without need");
  const [before = "", total = "", behind = ""] = split(
    renderRecord({ ...record, manifest }),
    /("summary": \{\s*"files": \d+,\s*"sizeBytes": )\d+/,
  );
  const rows = behind
    .split(/,45(\d{14}),"@"/)
    .map((text, at) =>
      at % 2 === 0 ? quoted(text) : `,"$z${Number(text)}",'"'"$h${Number(text)}"'"'`,
    );
  const words = `${quoted(before + total)}"$y"${rows.join("")}`;
  return `y=${sum(sizes, least)}; w ${quoted(recordPath(record.name))} ${words}`;
}

function split(text: string, pattern: RegExp): [string, string, string] {
  const found = pattern.exec(text);
  assert(found !== null, "a record has no summary");
  return [text.slice(0, found.index), found[1] ?? "", text.slice(found.index + found[0].length)];
}

export function recordPath(name: string): string {
  return `${statePath}/packages/${name}.json`;
}

/** What a piece of the path is called among the pieces. */
export function windowName({ start, length }: Pick<Window, "start" | "length">): string {
  return `P.${start}.${length}`;
}
