/** Where an error is, in the words of compilers, CMake, Python, Rust and make. */
import type { LogLine } from "./log-lines.ts";
import type { SourcePlace } from "./explanation.ts";

/** For the line itself: `x.c:3:10: …`, `x.c(3): …`, `CMake Error at CMakeLists.txt:4 (find_package):`. */
const own =
  /^(?:CMake Error at |\[?ERROR\]? )?(?<file>[^\s:()'"]*[^\s:()'"\d][^\s:()'"]*?)(?::(?<line>\d+)(?::(?<column>\d+))?(?:: | \(|:$)|\((?<bracket>\d+)\): )/;
/** For the line below: `--> src/main.rs:4:5`. */
const below = /^--> (?<file>[^\s:]+):(?<line>\d+):(?<column>\d+)$/;
/** For one of the lines above: a frame of Python, and what CMake or gfortran wrote before. */
const above =
  /^(?:File "(?<file>[^"]+)", line (?<line>\d+)|CMake Error at (?<script>[^\s:]+):(?<at>\d+) \(|(?<source>[^\s:]+):(?<row>\d+):(?<column>\d+):$)/;
const linesAbove = 5;

export function placeOf(lines: readonly LogLine[], at: number): SourcePlace | undefined {
  const before = lines.slice(Math.max(0, at - linesAbove), at).reverse();
  const found = [
    own.exec(lines[at]?.text ?? ""),
    below.exec(lines[at + 1]?.text ?? ""),
    ...before.map(({ text }) => above.exec(text)),
  ].find((match) => match !== null);
  const { file, script, source, line, bracket, at: atLine, row, column } = found?.groups ?? {};
  const name = file ?? script ?? source;
  const number = line ?? bracket ?? atLine ?? row;
  if (name === undefined || number === undefined) return undefined;
  const place = { file: name, line: Number(number) };
  return column === undefined ? place : { ...place, column: Number(column) };
}
