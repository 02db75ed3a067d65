/**
 * The picture in the README: does in a terminal what the tutorial does with its two packages in C, and draws what stands on the
 * screen at the end as docs/images/run.svg. All that is in it was printed by that run. Needs script(1) of util-linux.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const escape = String.fromCharCode(27);
const control = new RegExp(`(${escape}\\[[?\\d;]*[A-Za-z]|\\r?\\n|\\r)`);
const sequence = new RegExp(`^${escape}\\[([?\\d;]*)([A-Za-z])$`);
const columns = 114;
const characterPx = 8.4;
const linePx = 20;
const marginPx = 20;
const barPx = 34;
const colours = new Map([
  ["31", "#ff7b72"],
  ["32", "#7ee787"],
  ["33", "#e3b341"],
]);

const root = mkdtempSync(join(tmpdir(), "tenon-record-"));
try {
  writeWorkspace();
  const shown = [
    "tenon build",
    `printf '[depends]\\nrun = ["greet"]\\n' >>packages/shout.toml`,
    "tenon build",
    "tenon run shout",
    "tenon rollback",
  ].flatMap((command) => [
    [
      { text: "$ ", paint: ["2"] },
      { text: command, paint: ["1"] },
    ],
    ...screenOf(record(command)),
  ]);
  writeFileSync("docs/images/run.svg", draw(shown.flatMap(wrap)));
} finally {
  rmSync(root, { recursive: true, force: true });
}

/** The files of the tutorial, up to where it repairs what it has broken. */
function writeWorkspace() {
  const files = readFileSync("docs/tutorial.md", "utf8").matchAll(
    /<!-- file: (\S+) -->\n```\w+\n([^]*?)```/g,
  );
  mkdirSync(join(root, "bin"));
  const program = `#!/bin/sh\nexec ${process.execPath} ${resolve("dist/tenon.js")} "$@"\n`;
  writeFileSync(join(root, "bin/tenon"), program, { mode: 0o755 });
  const settings = '[workspace]\nprefix = "prefix"\n';
  for (const [, path = "", text = ""] of [["", "tenon.toml", settings], ...files]) {
    mkdirSync(dirname(join(root, "stack", path)), { recursive: true });
    writeFileSync(join(root, "stack", path), text);
  }
}

/** What a terminal is sent. */
function record(/** @type {string} */ command) {
  const { stdout } = spawnSync(
    "script",
    ["-qec", `stty cols ${columns} rows 60; ${command}`, "/dev/null"],
    {
      cwd: join(root, "stack"),
      env: {
        ...process.env,
        PATH: `${root}/bin:${process.env["PATH"]}`,
        TENON_STORE: join(root, "store"),
        TERM: "xterm-256color",
        LANG: "C.UTF-8",
      },
      encoding: "utf8",
    },
  );
  return stdout;
}

/**
 * @typedef {{ text: string, paint: readonly string[] }} Piece
 */

/** The lines of the screen and of what has scrolled by: as much of a terminal as tenon's live view needs. */
function screenOf(/** @type {string} */ sent) {
  /** @type {Piece[][]} */
  const lines = [[]];
  /** @type {string[]} */
  let paint = [];
  let row = 0;
  for (const part of sent.split(control)) {
    const [, numbers = "", action = ""] = sequence.exec(part) ?? [];
    if (action === "A") row -= Number(numbers || 1);
    else if (action === "J") lines.splice(row, Infinity, []);
    else if (action === "K") lines[row] = [];
    else if (action === "m") paint = painted(paint, numbers);
    else if (/^\r?\n$/.test(part)) lines[++row] ??= [];
    else if (action === "" && part !== "" && part !== "\r") lines[row]?.push({ text: part, paint });
  }
  while (lines.at(-1)?.length === 0) lines.pop();
  return lines;
}

function painted(/** @type {readonly string[]} */ paint, /** @type {string} */ number) {
  if (number === "39") return paint.filter((each) => !colours.has(each));
  if (number === "22") return paint.filter((each) => !["1", "2"].includes(each));
  return number === "0" || number === "" ? [] : [...paint, number];
}

/** As the terminal breaks a line that is too long. @returns {Piece[][]} */
function wrap(/** @type {readonly Piece[]} */ line) {
  /** @type {Piece[][]} */
  const rows = [[]];
  let room = columns;
  for (const { text, paint } of line) {
    for (let rest = text; rest !== "";) {
      if (room === 0) {
        rows.push([]);
        room = columns;
      }
      const part = rest.slice(0, room);
      rows.at(-1)?.push({ text: part, paint });
      rest = rest.slice(part.length);
      room -= part.length;
    }
  }
  return rows;
}

function draw(/** @type {readonly (readonly Piece[])[]} */ lines) {
  const width = Math.ceil(columns * characterPx + 2 * marginPx);
  const height = barPx + lines.length * linePx + marginPx;
  const dots = ["#ff5f57", "#febc2e", "#28c840"].map(
    (colour, at) => `<circle cx="${marginPx + at * 20}" cy="17" r="6" fill="${colour}"/>`,
  );
  const texts = lines.map((pieces, at) => {
    const y = barPx + (at + 1) * linePx - 6;
    return `<text x="${marginPx}" y="${y}">${pieces.map(drawPiece).join("")}</text>`;
  });
  const { version } = JSON.parse(readFileSync("package.json", "utf8"));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>tenon ${version}: a build that fails, its repair, and a rollback</title>
<style>text { white-space: pre }</style>
<rect width="${width}" height="${height}" rx="10" fill="#161b22"/>
${dots.join("")}
<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14" fill="#e6edf3">
${texts.join("\n")}
</g>
</svg>
`;
}

function drawPiece(/** @type {Piece} */ { text, paint }) {
  const colour = paint.map((each) => colours.get(each)).find((each) => each !== undefined);
  const looks = [
    ...(colour === undefined ? [] : [`fill="${colour}"`]),
    ...(paint.includes("1") ? ['font-weight="bold"'] : []),
    ...(paint.includes("2") ? ['opacity="0.65"'] : []),
  ];
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return looks.length === 0 ? escaped : `<tspan ${looks.join(" ")}>${escaped}</tspan>`;
}
